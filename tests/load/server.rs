//! The server under test: a child process with data of its own, and what it takes of memory.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;

/// A running server; it ends with this value.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    largest: Arc<AtomicU64>,
    sampling: JoinHandle<()>,
    folder: TempDir,
}

impl Server {
    pub fn start(binary: &Path, flags: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = std::fs::File::create(folder.path().join("log")).expect("a log");
        let mut child = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir", "data"])
            .args(flags)
            .current_dir(folder.path())
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.rsplit_once("http://").and_then(|(_, address)| address.trim().parse().ok()));
        let Some(address) = address else {
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            panic!("the server did not start: {log}");
        };
        let largest = Arc::new(AtomicU64::new(0));
        let (pid, kept) = (child.id(), largest.clone());
        let sampling = tokio::spawn(async move {
            loop {
                kept.fetch_max(memory(pid, "VmRSS"), Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        });
        Self { child, address, largest, sampling, folder }
    }

    /// The most resident memory since this was asked last, in megabytes.
    pub fn largest_since(&self) -> u64 {
        // What is measured here and now counts too, so that a moment too short for a sample has one.
        self.largest.swap(0, Ordering::Relaxed).max(memory(self.child.id(), "VmRSS")) / 1024
    }

    /// The most resident memory ever, in megabytes.
    pub fn largest_ever(&self) -> u64 {
        memory(self.child.id(), "VmHWM") / 1024
    }

    /// How much it has written to its log, and the beginning of it.
    pub fn log(&self) -> (usize, String) {
        let text = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        (text.len(), text.lines().take(3).collect::<Vec<_>>().join(" | "))
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.sampling.abort();
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In kilobytes (proc(5)).
fn memory(pid: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|text| text.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}

/// Lets this process and its children open as many files as the system allows, and tells how many.
pub fn raise_limit_of_files() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    // Where it cannot be raised, the limit stays what it was.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
