//! The running app for fuzzing, and a connection to it that sends bytes as they are: a client library would refuse to.

use crate::mutation::Bytes;
use crate::runner::PATIENCE;
use crate::support::{DAWN, config};
use proptest::prelude::*;
use std::cell::RefCell;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use three_keys::clock::Clock;
use three_keys::host::config::Config;
use three_keys::host::server::start;
use tokio::runtime::Runtime;

/// An app that lives as long as the process, and one connection to it.
pub struct App {
    pub base: String,
    pub clock: Clock,
    pub runtime: Runtime,
    authority: String,
    connection: RefCell<Option<TcpStream>>,
    _folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find_map(|(other, value)| other.eq_ignore_ascii_case(name).then_some(value.trim()))
    }
}

impl App {
    pub fn start() -> Self {
        Self::with(|config| config)
    }

    pub fn with(change: impl FnOnce(Config) -> Config) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Clock::at(DAWN);
        let config = change(config(folder.path(), "127.0.0.1:0"));
        let server = runtime.block_on(start(config, clock.clone())).expect("a running server");
        let (base, authority) = (server.issuer.clone(), server.address.to_string());
        // It serves until the process ends.
        std::mem::forget(server);
        Self { base, clock, runtime, authority, connection: RefCell::default(), _folder: folder }
    }

    /// Where it listens.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// Sends a request with these header lines and this body, and reads the answer. Every answer must come in time, be
    /// well-formed, and be no sign of a mistake of ours.
    pub fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &Bytes)],
        body: &[u8],
    ) -> Result<Answer, TestCaseError> {
        let mut request = format!("{method} {target} HTTP/1.1\r\nhost: {}\r\n", self.authority).into_bytes();
        for (name, value) in headers {
            request.extend_from_slice(name.as_bytes());
            request.extend_from_slice(b": ");
            request.extend_from_slice(&value.0);
            request.extend_from_slice(b"\r\n");
        }
        if !body.is_empty() {
            request.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
        }
        request.extend_from_slice(b"\r\n");
        request.extend_from_slice(body);
        let answer = self.exchange(&request).map_err(|error| TestCaseError::fail(format!("no answer: {error}")))?;
        // Overload and what waits for its turn are said with 503; anything else of this kind is a defect.
        prop_assert!(answer.status < 500 || answer.status == 503, "{:?}", answer);
        Ok(answer)
    }

    /// Sends bytes on a connection of their own and reads whatever comes until the server closes or has answered once.
    pub fn send_raw(&self, bytes: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut connection = self.connect()?;
        // A server that has seen enough closes early; that is its right.
        let _ = connection.write_all(bytes);
        let _ = connection.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        match connection.read_to_end(&mut answer) {
            Err(error) if error.kind() != std::io::ErrorKind::ConnectionReset => Err(error),
            _ => Ok(answer),
        }
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        let connection = TcpStream::connect(&self.authority)?;
        connection.set_nodelay(true)?;
        connection.set_read_timeout(Some(PATIENCE))?;
        Ok(connection)
    }

    fn exchange(&self, request: &[u8]) -> std::io::Result<Answer> {
        let kept = self.connection.borrow_mut().take();
        let fresh = kept.is_none();
        let mut connection = kept.map_or_else(|| self.connect(), Ok)?;
        match converse(&mut connection, request) {
            Ok((answer, keep)) => {
                if keep {
                    self.connection.replace(Some(connection));
                }
                Ok(answer)
            }
            // A kept connection may have been closed meanwhile; a new one must work.
            Err(error) if !fresh && error.kind() != std::io::ErrorKind::WouldBlock => self.exchange(request),
            Err(error) => Err(error),
        }
    }
}

fn converse(connection: &mut TcpStream, request: &[u8]) -> std::io::Result<(Answer, bool)> {
    // The server may answer and close before it has read all.
    let sent = connection.write_all(request).is_ok();
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|part| part == b"\r\n\r\n") {
            break at;
        }
        more(connection, &mut bytes)?;
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut rest = bytes.split_off(head_end + 4);
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    let body = if let Some(length) = length {
        while rest.len() < length {
            more(connection, &mut rest)?;
        }
        rest
    } else if lower.contains("transfer-encoding: chunked") {
        loop {
            if let Some(body) = unchunked(&rest) {
                break body;
            }
            more(connection, &mut rest)?;
        }
    } else {
        rest
    };
    let keep = sent && !lower.contains("connection: close");
    Ok((Answer { status, head, body }, keep))
}

fn more(connection: &mut TcpStream, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    let mut part = [0; 16 * 1024];
    match connection.read(&mut part)? {
        0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
        count => {
            bytes.extend_from_slice(&part[..count]);
            Ok(())
        }
    }
}

/// The body, once its last chunk is there.
fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|part| part == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?.trim(), 16).ok()?;
        rest = &rest[line + 2..];
        if size == 0 {
            return rest.starts_with(b"\r\n").then_some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

/// Text that a request's target can carry: what it cannot, percent-encoded.
pub fn for_target(bytes: &Bytes) -> String {
    bytes
        .0
        .iter()
        .map(|&byte| {
            if byte.is_ascii_graphic() && byte != b'#' { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        })
        .collect()
}
