//! Revocation reaches the OAuth door within a second, through the feed: no call asks the authorization server.

use crate::support::{ALICE, TestApp};
use reqwest::Method;
use std::time::{Duration, Instant};

const PROFILE: &str = "/api/oauth/profile";

#[tokio::test]
async fn what_this_process_revokes_is_refused_at_once_though_its_signature_is_remembered() {
    let app = TestApp::start().await;
    let tokens = app.tokens("three-keys-ui", "profile offline_access", ALICE).await;
    let access = tokens["access_token"].as_str().unwrap();
    for _ in 0..2 {
        assert_eq!(app.bearer(Method::GET, PROFILE, access).await.status, 200);
    }
    let fields = [("token", tokens["refresh_token"].as_str().unwrap()), ("client_id", "three-keys-ui")];
    assert_eq!(app.form("/oauth/revoke", &fields).await.status, 200);
    let refused = app.bearer(Method::GET, PROFILE, access).await;
    assert_eq!((refused.status, refused.member("check")), (401, "revocation".to_owned()));
}

#[tokio::test]
async fn what_another_process_revokes_is_refused_within_a_second() {
    let app = TestApp::start().await;
    let tokens = app.tokens("three-keys-ui", "profile offline_access", ALICE).await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(app.bearer(Method::GET, PROFILE, access).await.status, 200);

    let other = app.second_process().await;
    let fields = [("token", tokens["refresh_token"].as_str().unwrap()), ("client_id", "three-keys-ui")];
    assert_eq!(other.form("/oauth/revoke", &fields).await.status, 200);
    let revoked = Instant::now();
    let refused = loop {
        let answer = app.bearer(Method::GET, PROFILE, access).await;
        if answer.status != 200 {
            break answer;
        }
        assert!(revoked.elapsed() < Duration::from_secs(1), "it is still accepted after a second");
    };
    assert_eq!((refused.status, refused.member("check")), (401, "revocation".to_owned()));
}
