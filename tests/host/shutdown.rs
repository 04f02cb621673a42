//! Stopping in order: what is under way is finished, nothing new is begun.

use crate::{Running, heard};
use std::num::NonZeroU64;
use std::time::Duration;
use three_keys::host::config::Config;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// A request whose body is not whole yet: as long, it is under way.
async fn half_a_request(running: &Running, method: &str, path: &str) -> TcpStream {
    let mut stream = running.connect().await;
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 46\r\nExpect: 100-continue\r\n\r\n",
        running.address
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body when it has begun with the request.
    let mut interim = [0; 25];
    tokio::io::AsyncReadExt::read_exact(&mut stream, &mut interim).await.unwrap();
    assert!(interim.starts_with(b"HTTP/1.1 100"));
    stream
}

const BODY: &[u8; 46] = br#"{"username":"alice","password":"wonderland"}  "#;

#[tokio::test]
async fn a_request_under_way_is_answered_whole_and_readiness_is_over() {
    let running = Running::with(|config| config).await;
    let address = running.address;
    let mut signing_in = half_a_request(&running, "POST", "/api/jwt/sign_in").await;
    let mut probing = half_a_request(&running, "GET", "/readyz").await;
    let mut idle = running.connect().await;
    let Running { server, folder, .. } = running;
    let stopping = tokio::spawn(server.stop());
    // An idle connection is closed at once, which shows that stopping has begun.
    assert_eq!(heard(&mut idle).await, "");
    assert!(TcpStream::connect(address).await.is_err(), "nobody new is let in");
    assert!(!stopping.is_finished());
    probing.write_all(BODY).await.unwrap();
    assert!(heard(&mut probing).await.starts_with("HTTP/1.1 503"));
    signing_in.write_all(BODY).await.unwrap();
    let answer = heard(&mut signing_in).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("access_token"), "{answer}");
    tokio::time::timeout(Duration::from_secs(10), stopping).await.expect("an end").unwrap();
    drop(folder);
}

#[tokio::test]
async fn who_takes_too_long_is_not_waited_for() {
    let running = Running::with(|config| Config { shutdown_timeout_seconds: NonZeroU64::MIN, ..config }).await;
    let mut slow = half_a_request(&running, "POST", "/api/jwt/sign_in").await;
    tokio::time::timeout(Duration::from_secs(10), running.server.stop()).await.expect("an end");
    heard(&mut slow).await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_program_ends_well_when_it_is_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = crate::cli::program(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let mut child = program.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let output = child.stdout.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
    assert!(line.starts_with("Three Keys is at http://127.0.0.1:"), "{line}");
    let id = rustix::process::Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    assert!(child.wait().unwrap().success());
}
