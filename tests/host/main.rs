//! Start and stop: what is wrong is said in one sentence that says what to do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "../support/mod.rs"]
mod support;

mod assets;
mod cli;
mod durability;
mod forwarded;
mod health;
mod limits;
mod names;
mod secrets;
mod shutdown;
mod tls;

use std::net::SocketAddr;
use std::time::Duration;
use support::{Answer, TestApp, config};
use three_keys::clock::Clock;
use three_keys::host::config::Config;
use three_keys::host::server::{Server, start};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A server with settings of its own.
struct Running {
    address: SocketAddr,
    server: Server,
    folder: tempfile::TempDir,
}

impl Running {
    async fn with(change: impl FnOnce(Config) -> Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = start(change(config(folder.path(), "127.0.0.1:0")), Clock::system()).await.expect("a start");
        Self { address: server.address, server, folder }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("a connection")
    }

    /// Sends bytes and reads until the server hangs up.
    async fn say(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect().await;
        // It may answer and hang up before it has read everything.
        let _ = stream.write_all(bytes.as_ref()).await;
        heard(&mut stream).await
    }

    /// The status of a request for that path, with these header lines.
    async fn status(&self, method: &str, path: &str, lines: &[&str]) -> String {
        let head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n{}\r\n", with_ends(lines));
        self.say(head).await.split(' ').nth(1).unwrap_or("none").to_owned()
    }
}

fn with_ends(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

/// All that comes until the other side hangs up.
async fn heard(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let reading = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes));
    // A reset ends it too.
    let _ = reading.await.expect("no hang");
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn refusal(config: Config) -> String {
    match start(config, Clock::system()).await {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_damaged_database_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("three-keys.db"), "this is no database, and long enough to be looked at")
        .unwrap();
    let message = refusal(config(folder.path(), "127.0.0.1:0")).await;
    assert!(message.contains("three-keys.db") && message.contains("check that"), "{message}");
}

#[tokio::test]
async fn a_database_of_another_version_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    start(config(folder.path(), "127.0.0.1:0"), Clock::system()).await.expect("a start").stop().await;
    let database = rusqlite::Connection::open(folder.path().join("three-keys.db")).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let message = refusal(config(folder.path(), "127.0.0.1:0")).await;
    assert!(message.contains("another version") && message.contains("move the file away"), "{message}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let message = refusal(config(&folder.path().join("file").join("data"), "127.0.0.1:0")).await;
    assert!(message.contains("--data-dir"), "{message}");
    let url = Some("sqlite:/nowhere/at/all/three-keys.db".to_owned());
    let message = refusal(Config { database_url: url, ..config(folder.path(), "127.0.0.1:0") }).await;
    assert!(message.contains("folder exists"), "{message}");
}

#[tokio::test]
async fn a_taken_port_stops_the_start() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let message = refusal(config(folder.path(), app.base.trim_start_matches("http://"))).await;
    assert!(message.contains("--listen"), "{message}");
}

#[tokio::test]
async fn a_bad_setting_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let message = refusal(config(folder.path(), "0.0.0.0:0")).await;
    assert!(message.contains("--behind-proxy"), "{message}");
    let issuer = Some("https://keys.example/path".to_owned());
    let message = refusal(Config { issuer, ..config(folder.path(), "127.0.0.1:0") }).await;
    assert!(message.contains("origin"), "{message}");
    let url = Some("postgres://elsewhere".to_owned());
    let message = refusal(Config { database_url: url, ..config(folder.path(), "127.0.0.1:0") }).await;
    assert!(message.contains("sqlite:PATH"), "{message}");
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_none_should_be_without() {
    let app = TestApp::start().await;
    for path in ["/", "/api/open/pages", "/oauth/jwks", "/oauth/authorize", "/nowhere", "/favicon.ico"] {
        let answer = Answer::of(app.get(path)).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test]
async fn a_browser_at_localhost_is_sent_on_to_the_issuers_address() {
    let app = TestApp::start().await;
    let port = app.base.rsplit(':').next().unwrap();
    let answer = Answer::of(app.get("/oauth?x=1").header("host", format!("localhost:{port}"))).await;
    assert_eq!((answer.status, answer.header("location")), (307, app.url("/oauth?x=1").as_str()));
}

#[tokio::test]
async fn urls_that_are_no_good_are_404_or_400() {
    let app = TestApp::start().await;
    for path in ["/..%2f..%2fetc/passwd", "/%00", "/pkg/../../Cargo.toml", "/%c0%ae%c0%ae/", "//evil.example/"] {
        let answer = Answer::of(app.get(path)).await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text.contains("[package]") && !answer.text.contains("root:"));
    }
}

#[tokio::test]
async fn the_rendered_pages_hold_no_protected_data() {
    let app = TestApp::start().await;
    for path in ["/", "/basic", "/jwt", "/oauth", "/callback?code=secret-code&state=secret-state&iss=x"] {
        let request =
            app.get(path).basic_auth("alice", Some("wonderland")).header("cookie", "three_keys_session=secret-cookie");
        let answer = Answer::of(request).await;
        assert_eq!(answer.status, 200, "{path}");
        for secret in ["secret-code", "secret-state", "secret-cookie", "House rules", "edited_by"] {
            assert!(!answer.text.contains(secret), "{path} shows {secret}");
        }
    }
}
