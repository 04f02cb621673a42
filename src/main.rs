//! Parses the configuration, serves, and stops when it is told to.

use anyhow::Context as _;
use clap::Parser as _;
use three_keys::clock::Clock;
use three_keys::host::config::{Arguments, Command, Config};
use three_keys::host::{keys, server};
use tracing_subscriber::EnvFilter;

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("three-keys: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let config = Config::load(&arguments)?;
    tokio::runtime::Runtime::new().context("the runtime could not start")?.block_on(async {
        if let Some(Command::Keys(command)) = arguments.command {
            for line in keys::run(command, &config, &Clock::system()).await? {
                println!("{line}");
            }
            return Ok(());
        }
        let server = server::start(config, Clock::system()).await?;
        println!("Three Keys is at {}", server.issuer);
        asked_to_stop().await;
        server.stop().await;
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
