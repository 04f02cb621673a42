//! Parses the configuration, does what was asked or serves, and stops when it is told to.

use anyhow::Context as _;
use clap::Parser as _;
use std::process::ExitCode;
use three_keys::clock::Clock;
use three_keys::host::config::Config;
use three_keys::host::signals::Signals;
use three_keys::host::{cli, memory, server, telemetry};

/// The system's allocator keeps what a flood once needed, some 19 MB for each password that was hashed on another
/// thread; this one gives it back, at once where it is told so ([`memory::give_back`]).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("three-keys: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let arguments = cli::Arguments::parse();
    if arguments.serves() {
        memory::give_back();
    }
    let config = Config::load(&arguments.flags)?;
    let _log = telemetry::start_log(config.log_format, arguments.serves());
    tokio::runtime::Runtime::new().context("the runtime could not start")?.block_on(async {
        if let Some(lines) = cli::run(&arguments, &config, &Clock::system()).await? {
            lines.iter().for_each(|line| println!("{line}"));
            return Ok(());
        }
        // Listened to before anybody is told that the server is there.
        let mut signals = Signals::listen().context("signals cannot be listened to")?;
        let server = server::start(config, Clock::system()).await?;
        println!("Three Keys is at {}", server.issuer);
        if let Some(fingerprint) = &server.development_fingerprint {
            println!("Its certificate was made for development; SHA-256 {fingerprint}");
        }
        signals.stop().await;
        // Asked again, it does not wait for anybody.
        tokio::select! { () = server.stop() => {}, () = signals.stop() => {} }
        Ok(())
    })
}
