//! The machine fails in the middle of a storm: `kill -9`, and every answer that a client received still holds.

use crate::support::{ALICE, Answer, Browser, RESOURCE_SERVER, client, parameter, redemption};
use reqwest::{Client, Url};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// How many answers the clients receive before the server is killed.
const ANSWERS: usize = 150;
const CLIENTS: usize = 6;
const CALLBACK: &str = "http://127.0.0.1:49152/callback";

struct Process {
    child: Child,
    base: String,
}

impl Process {
    async fn start(folder: &std::path::Path, port: u16) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_three-keys"))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
            .arg(folder)
            .env("RUST_LOG", "error")
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let base = format!("http://127.0.0.1:{port}");
        let http = client(false);
        for _ in 0..600 {
            if http.get(format!("{base}/oauth/jwks")).send().await.is_ok() {
                return Self { child, base };
            }
            // Another process: there is nothing to wait on but its port.
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        child.kill().expect("it runs");
        child.wait().expect("it ended");
        panic!("the server did not answer");
    }
}

/// What one client holds when the server dies.
#[derive(Default)]
struct Held {
    access_tokens: Vec<String>,
    refresh_tokens: Vec<String>,
    used_codes: Vec<String>,
}

fn authorization(base: &str) -> String {
    let parameters = [
        ("response_type", "code"),
        ("client_id", "native-app"),
        ("redirect_uri", CALLBACK),
        ("scope", "offline_access pages:read"),
        ("code_challenge", crate::support::CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let url = Url::parse_with_params(&format!("{base}/oauth/authorize"), parameters).expect("a URL");
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// `None` when the server has died.
async fn post(http: &Client, base: &str, fields: &[(&str, &str)]) -> Option<Answer> {
    let response = http.post(format!("{base}/oauth/token")).form(fields).send().await.ok()?;
    let status = response.status().as_u16();
    let text = response.text().await.ok()?;
    let json = serde_json::from_str(&text).ok()?;
    Some(Answer { status, headers: reqwest::header::HeaderMap::new(), text, json })
}

async fn storm(base: String, held: Arc<Mutex<Held>>, answers: Arc<AtomicUsize>, over: Arc<tokio::sync::Notify>) {
    let http = client(false);
    let browser = Browser::at(&base);
    let count = || {
        if answers.fetch_add(1, Ordering::SeqCst) + 1 == ANSWERS {
            over.notify_one();
        }
    };
    let Some(back) = browser.try_walk(&authorization(&base), ALICE).await else { return };
    let mut next = parameter(&back, "code");
    loop {
        let Some(code) = next else { return };
        let Some(tokens) = post(&http, &base, &redemption(&code)).await else { return };
        assert_eq!(tokens.status, 200, "{}", tokens.text);
        let mut refresh = tokens.member("refresh_token");
        {
            let mut held = held.lock().expect("no panic");
            held.used_codes.push(code);
            held.access_tokens.push(tokens.member("access_token"));
            held.refresh_tokens.push(refresh.clone());
        }
        count();
        for _ in 0..3 {
            let fields = [("grant_type", "refresh_token"), ("client_id", "native-app"), ("refresh_token", &*refresh)];
            let Some(answer) = post(&http, &base, &fields).await else { return };
            assert_eq!(answer.status, 200, "{}", answer.text);
            refresh = answer.member("refresh_token");
            let mut held = held.lock().expect("no panic");
            held.access_tokens.push(answer.member("access_token"));
            held.refresh_tokens.pop();
            held.refresh_tokens.push(refresh.clone());
            drop(held);
            count();
        }
        next = browser.try_walk(&authorization(&base), ALICE).await.and_then(|back| parameter(&back, "code"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn after_a_kill_in_a_token_storm_every_received_token_is_known_and_no_code_works_twice() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let mut server = Process::start(folder.path(), port).await;

    let (answers, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(tokio::sync::Notify::new()));
    let clients: Vec<(Arc<Mutex<Held>>, tokio::task::JoinHandle<()>)> = (0..CLIENTS)
        .map(|_| {
            let held = Arc::new(Mutex::new(Held::default()));
            let storm = storm(server.base.clone(), held.clone(), answers.clone(), over.clone());
            (held, tokio::spawn(storm))
        })
        .collect();
    over.notified().await;
    // SIGKILL on Unix: no handler runs, nothing is flushed.
    server.child.kill().expect("it runs");
    server.child.wait().expect("it ended");
    let mut held = Vec::new();
    for (one, task) in clients {
        task.await.expect("no assertion failed");
        held.push(one);
    }

    let mut server = Process::start(folder.path(), port).await;
    let http = client(false);
    let mut checked = 0;
    for one in held {
        let one = std::mem::take(&mut *one.lock().expect("no panic"));
        for token in &one.access_tokens {
            let request = http.post(format!("{}/oauth/introspect", server.base));
            let seen =
                Answer::of(request.basic_auth(RESOURCE_SERVER.0, Some(RESOURCE_SERVER.1)).form(&[("token", token)]))
                    .await;
            assert_eq!(seen.json["active"], true, "a received access token is known");
            checked += 1;
        }
        for token in &one.refresh_tokens {
            // The last of them may have been rotated without the answer reaching the client: the grace is for that.
            let fields = [("grant_type", "refresh_token"), ("client_id", "native-app"), ("refresh_token", token)];
            let answer = post(&http, &server.base, &fields).await.expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        for code in &one.used_codes {
            let answer = post(&http, &server.base, &redemption(code)).await.expect("an answer");
            assert_eq!((answer.status, answer.error()), (400, "invalid_grant"));
        }
    }
    assert!(checked >= ANSWERS, "{checked} tokens were received and checked");
    server.child.kill().expect("it runs");
    server.child.wait().expect("it ended");
}
