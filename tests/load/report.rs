//! The table: what was measured, and which statements hold.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

/// Prints as it goes, and remembers what failed.
pub struct Report {
    failed: Vec<String>,
}

impl Report {
    pub fn new(binary: &Path, files: u64) -> Self {
        let model = std::fs::read_to_string("/proc/cpuinfo")
            .ok()
            .and_then(|text| text.lines().find(|line| line.starts_with("model name")).map(str::to_owned))
            .and_then(|line| Some(line.split_once(':')?.1.trim().to_owned()))
            .unwrap_or_else(|| "unknown processor".to_owned());
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        println!("{cores} × {model}, shared by the server and this program; {files} open files allowed");
        println!("{}", binary.display());
        Self { failed: Vec::new() }
    }

    pub fn part(&self, name: &str) {
        println!("\n## {name}");
    }

    /// A figure.
    pub fn figure(&self, name: &str, value: impl std::fmt::Display) {
        println!("{name:<58} {value}");
    }

    /// A statement, with the figure that it is about.
    pub fn state(&mut self, statement: &str, value: impl std::fmt::Display, holds: bool) {
        println!("{} {statement:<56} {value}", if holds { "✓" } else { "✗" });
        if !holds {
            self.failed.push(format!("{statement}: {value}"));
        }
    }

    pub fn end(self, took: Duration) -> ExitCode {
        println!("\ntook {} s", took.as_secs());
        if self.failed.is_empty() {
            println!("every statement holds");
            return ExitCode::SUCCESS;
        }
        println!("{} statements do not hold:", self.failed.len());
        for failed in &self.failed {
            println!("  {failed}");
        }
        ExitCode::FAILURE
    }
}

/// That part of the sorted values lies at or below the answer.
pub fn quantile(sorted: &[Duration], part: f64) -> Duration {
    if sorted.is_empty() {
        return Duration::ZERO;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a length is an index")]
    let place = ((sorted.len() - 1) as f64 * part).ceil() as usize;
    sorted[place]
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

pub fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}
