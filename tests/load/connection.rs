//! A connection that costs little, so that this program takes little of the machine from the server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// A connection to the server.
pub struct Connection {
    pub stream: TcpStream,
    bytes: Vec<u8>,
}

/// What matters of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<Duration>,
    /// Whether the connection ends with it.
    pub closes: bool,
    pub body: Vec<u8>,
}

/// One of the sixteen million addresses of this machine; the first 65,536 are left to good callers.
pub fn loopback(number: u32) -> Ipv4Addr {
    let number = 0x1_0000 + number % 0xf0_0000;
    let [_, a, b, c] = number.to_be_bytes();
    Ipv4Addr::new(127, a, b, c.clamp(1, 254))
}

impl Connection {
    pub async fn open(from: Ipv4Addr, to: SocketAddr) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(IpAddr::V4(from), 0))?;
        let connecting = tokio::time::timeout(Duration::from_secs(5), socket.connect(to));
        let stream = connecting.await.map_err(|_| io::ErrorKind::TimedOut)??;
        stream.set_nodelay(true)?;
        Ok(Self { stream, bytes: Vec::with_capacity(4096) })
    }

    /// Sends a request and reads the answer.
    pub async fn call(&mut self, request: &[u8]) -> io::Result<Answer> {
        self.stream.write_all(request).await?;
        self.answer().await
    }

    /// Reads an answer.
    pub async fn answer(&mut self) -> io::Result<Answer> {
        loop {
            if let Some((answer, length)) = read(&self.bytes) {
                self.bytes.drain(..length);
                return Ok(answer);
            }
            if self.stream.read_buf(&mut self.bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// The answer and how many bytes it took, once it is whole.
fn read(bytes: &[u8]) -> Option<(Answer, usize)> {
    let head_end = bytes.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..head_end]).ok()?.to_ascii_lowercase();
    let value = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim);
    let rest = &bytes[head_end..];
    let (body, length) = if value("transfer-encoding").is_some() {
        let end = rest.windows(5).position(|part| part == b"0\r\n\r\n")? + 5;
        (rest[..end].to_vec(), end)
    } else {
        let length = value("content-length").and_then(|text| text.parse().ok()).unwrap_or_default();
        (rest.get(..length)?.to_vec(), length)
    };
    let answer = Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        retry_after: value("retry-after").and_then(|text| text.parse().ok()).map(Duration::from_secs),
        closes: value("connection") == Some("close"),
        body,
    };
    Some((answer, head_end + length))
}

/// A request without a body.
pub fn get(to: SocketAddr, path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {to}\r\n{headers}\r\n").into_bytes()
}

/// A request with a body of that media type.
pub fn post(to: SocketAddr, path: &str, headers: &str, media_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {to}\r\n{headers}content-type: {media_type}\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

pub const FORM: &str = "application/x-www-form-urlencoded";
pub const JSON: &str = "application/json";
