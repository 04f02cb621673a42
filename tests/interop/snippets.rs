//! The programs that `/connect` offers, run as they stand. (The one for Node runs in `end2end`, and so does Python's.)

#[path = "../../src/ui/snippets/oauth2.rs"]
#[expect(dead_code, unreachable_pub, reason = "its main is for those who copy it")]
mod oauth2;

use super::{Running, running};
use std::process::{Command, Output};

#[tokio::test]
async fn the_program_with_the_oauth2_crate_runs() {
    let Running { server, _folder, .. } = running().await;
    oauth2::run(&server.issuer).await.expect("it runs to its end");
    server.stop().await;
}

#[tokio::test]
async fn the_program_with_curl_runs() {
    let missing = |tool: &str| Command::new(tool).arg("version").output().is_err();
    if let Some(tool) = ["sh", "curl", "openssl"].into_iter().find(|tool| missing(tool)) {
        eprintln!("skipped: {tool} is missing");
        return;
    }
    let Running { server, _folder, .. } = running().await;
    let mut program = Command::new("sh");
    program.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/src/ui/snippets/curl.sh")).env("ISSUER", &server.issuer);
    let ran = tokio::task::spawn_blocking(move || program.output()).await.expect("no panic").expect("a shell");
    let Output { status, stdout, stderr } = ran;
    let (told, complaints) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{told}\n{complaints}");
    let start = format!("{}/oauth/authorize?response_type=code", server.issuer);
    for expected in [r#""slug":"welcome""#, r#""active":true"#, &start, "&code_challenge="] {
        assert!(told.contains(expected), "{expected} in {told}");
    }
    // What it printed for a person is a request that the server takes.
    let url = told.lines().find(|line| line.starts_with(&start)).expect("the URL");
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let status = http.get(url).send().await.expect("an answer").status();
    assert!(status.is_success() || status.is_redirection(), "{status}");
    server.stop().await;
}
