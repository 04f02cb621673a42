//! Parses the configuration, does what was asked or serves, and stops when it is told to.

use anyhow::Context as _;
use clap::Parser as _;
use std::process::ExitCode;
use three_keys::clock::Clock;
use three_keys::host::config::Config;
use three_keys::host::{cli, server, telemetry};

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
    let config = Config::load(&arguments.flags)?;
    telemetry::start_log(config.log_format);
    tokio::runtime::Runtime::new().context("the runtime could not start")?.block_on(async {
        if let Some(lines) = cli::run(&arguments, &config, &Clock::system()).await? {
            lines.iter().for_each(|line| println!("{line}"));
            return Ok(());
        }
        let server = server::start(config, Clock::system()).await?;
        println!("Three Keys is at {}", server.issuer);
        if let Some(fingerprint) = &server.development_fingerprint {
            println!("Its certificate was made for development; SHA-256 {fingerprint}");
        }
        asked_to_stop().await;
        // Asked again, it does not wait for anybody.
        tokio::select! { () = server.stop() => {}, () = asked_to_stop() => {} }
        Ok(())
    })
}

/// Waits for an interrupt, or on Unix for a request to terminate.
async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
