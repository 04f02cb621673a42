//! What one caller may take: bytes, time and connections.

use crate::{Running, heard};
use std::num::{NonZeroU32, NonZeroU64};
use three_keys::host::config::Config;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const ONE_SECOND: NonZeroU64 = NonZeroU64::MIN;

/// Impatient: the tests wait for these limits in real time, because they are about sockets.
fn impatient(config: Config) -> Config {
    Config { header_timeout_seconds: ONE_SECOND, body_timeout_seconds: ONE_SECOND, ..config }
}

fn of_its_own(running: &Running) -> String {
    format!("Host: {}\r\n", running.address)
}

/// A whole request on an open connection, and its status.
async fn ask(running: &Running, stream: &mut TcpStream) -> Option<String> {
    let request = format!("GET /healthz HTTP/1.1\r\n{}\r\n", of_its_own(running));
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut bytes = [0; 4096];
    let read = stream.read(&mut bytes).await.ok().filter(|read| *read > 0)?;
    Some(String::from_utf8_lossy(&bytes[..read]).split(' ').nth(1)?.to_owned())
}

#[tokio::test]
async fn a_silent_connection_and_a_head_that_does_not_end_are_hung_up_on() {
    let running = Running::with(impatient).await;
    let mut silent = running.connect().await;
    let mut slow = running.connect().await;
    slow.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
    let mut preface = running.connect().await;
    preface.write_all(b"PRI * HT").await.unwrap();
    // `heard` ends when the server hangs up.
    assert_eq!(heard(&mut silent).await, "");
    heard(&mut slow).await;
    assert_eq!(heard(&mut preface).await, "");
}

#[tokio::test]
async fn a_connection_that_idles_after_its_request_is_hung_up_on() {
    let running = Running::with(impatient).await;
    let mut stream = running.connect().await;
    assert_eq!(ask(&running, &mut stream).await.as_deref(), Some("200"));
    heard(&mut stream).await;
}

#[tokio::test]
async fn a_body_that_does_not_end_is_408() {
    let running = Running::with(impatient).await;
    for path in ["/oauth/token", "/api/jwt/sign_in", "/nowhere"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\n{}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{{",
            of_its_own(&running)
        );
        let answer = running.say(head).await;
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("application/problem+json"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_gigabyte_is_refused_by_its_announcement_on_every_route() {
    let running = Running::with(|config| config).await;
    let paths = ["/", "/healthz", "/oauth/token", "/oauth/authorize", "/api/basic/page", "/api/open/pages", "/nowhere"];
    for path in paths {
        for method in ["POST", "PUT", "GET"] {
            let head = format!(
                "{method} {path} HTTP/1.1\r\n{}Content-Length: 1073741824\r\nExpect: 100-continue\r\n\r\n",
                of_its_own(&running)
            );
            let answer = running.say(head).await;
            assert!(answer.starts_with("HTTP/1.1 413"), "{method} {path}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_body_without_announcement_is_413_when_it_grows_too_large() {
    let running = Running::with(|config| config).await;
    let mut stream = running.connect().await;
    let head = format!("POST /oauth/token HTTP/1.1\r\n{}Transfer-Encoding: chunked\r\n\r\n", of_its_own(&running));
    let (mut reading, mut writing) = stream.split();
    let send = async {
        writing.write_all(head.as_bytes()).await?;
        let chunk = [b"8000\r\n".as_slice(), &[b'a'; 0x8000], b"\r\n"].concat();
        for _ in 0..1000 {
            writing.write_all(&chunk).await?;
        }
        Ok::<(), std::io::Error>(())
    };
    let mut answer = vec![0; 12];
    let hear = reading.read_exact(&mut answer);
    // Whichever ends first: the answer, or the sending because the server has hung up.
    tokio::select! { heard = hear => { heard.unwrap(); } sent = send => assert!(sent.is_err(), "it took 32 MB") }
    assert!(answer == b"HTTP/1.1 413" || answer == vec![0; 12]);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_431() {
    let running = Running::with(|config| config).await;
    let long = format!("GET / HTTP/1.1\r\n{}X: {}\r\n\r\n", of_its_own(&running), "a".repeat(40_000));
    let answer = running.say(long).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let many = format!("GET / HTTP/1.1\r\n{}{}\r\n", of_its_own(&running), "X: a\r\n".repeat(150));
    let answer = running.say(many).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn thousands_of_silent_connections_keep_nobody_out() {
    let few = |config| Config {
        max_connections: NonZeroU32::new(20).unwrap(),
        max_connections_per_address: NonZeroU32::new(10).unwrap(),
        ..config
    };
    let running = Running::with(few).await;
    let mut regular = running.connect().await;
    assert_eq!(ask(&running, &mut regular).await.as_deref(), Some("200"));
    let mut silent = Vec::new();
    for round in 0..200 {
        silent.push(running.connect().await);
        if round % 20 == 0 {
            let mut fresh = running.connect().await;
            assert_eq!(ask(&running, &mut fresh).await.as_deref(), Some("200"), "round {round}");
            assert_eq!(ask(&running, &mut regular).await.as_deref(), Some("200"), "round {round}");
        }
    }
}
