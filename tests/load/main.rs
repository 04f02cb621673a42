//! Whether the server keeps serving good callers while others abuse it: `make load`.
//!
//! Starts the release binary as a child process on a loopback port of its own, talks to it over loopback alone, prints
//! a table, and fails when one of the statements in it does not hold. Every part is bounded in time; all take less than
//! four minutes. `--short` runs each part for a few seconds, `--only flood|proxy|hostile` one of them, and `--binary`
//! tries another binary than the one that was built with this program.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on must fail")]
#![allow(unreachable_pub, reason = "it is all for this program")]

mod connection;
mod flood;
mod good;
mod hostile;
mod report;
mod server;

use report::Report;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// How much of everything.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Rounds without and with the flood, taking turns.
    pub rounds: usize,
    /// How long a round measures.
    pub round: Duration,
    /// How long a hostile scenario goes on.
    pub scenario: Duration,
    /// Connections that drip.
    pub slow: usize,
    /// Connections that do nothing.
    pub idle: usize,
    /// Users that do not exist.
    pub unknown: usize,
}

const WHOLE: Scale = Scale {
    rounds: 3,
    round: Duration::from_secs(5),
    scenario: Duration::from_secs(12),
    slow: 2_000,
    idle: 10_000,
    unknown: 100_000,
};

const SHORT: Scale = Scale {
    rounds: 1,
    round: Duration::from_secs(3),
    scenario: Duration::from_secs(3),
    slow: 400,
    idle: 2_000,
    unknown: 5_000,
};

fn main() -> ExitCode {
    let (mut scale, mut only, mut binary) = (WHOLE, None, PathBuf::from(env!("CARGO_BIN_EXE_three-keys")));
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--short" => scale = SHORT,
            "--only" => only = arguments.next(),
            "--binary" => binary = PathBuf::from(arguments.next().expect("a path after --binary")),
            other => {
                eprintln!("load: {other} is no argument of this program; it knows --short, --only and --binary");
                return ExitCode::FAILURE;
            }
        }
    }
    if cfg!(debug_assertions) {
        eprintln!("load: this is no release build, so the figures are worth nothing; use make load");
    }
    let files = server::raise_limit_of_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut report = Report::new(&binary, files);
    let begin = Instant::now();
    let wanted = |part: &str| only.as_deref().is_none_or(|only| only == part);
    if wanted("flood") {
        report.part("500 wrong passwords a second over 200 connections, from ever new addresses");
        runtime.block_on(flood::run(&binary, scale, flood::From::Addresses, &mut report));
    }
    if wanted("proxy") {
        report.part("the same through a proxy: an address in X-Forwarded-For that was never seen before, every time");
        runtime.block_on(flood::run(&binary, scale, flood::From::Proxy, &mut report));
    }
    if wanted("hostile") {
        report.part("hostile connections and callers");
        runtime.block_on(hostile::run(&binary, scale, &mut report));
    }
    report.end(begin.elapsed())
}
