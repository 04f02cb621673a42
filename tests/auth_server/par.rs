//! Pushed authorization requests: checklist line 41 (RFC 9126).

use crate::support::{ALICE, Answer, BACKEND, BACKEND_OTHER, CHALLENGE, TestApp, parameter};

const URI: &str = "http://127.0.0.1:3999/callback";

async fn push(app: &TestApp, extra: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("response_type", "code"),
        ("redirect_uri", URI),
        ("scope", "pages:read"),
        ("state", "a state"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    fields.extend(extra);
    app.form_as(BACKEND, "/oauth/par", &fields).await
}

fn query(client_id: &str, request_uri: &str) -> String {
    let query: String =
        reqwest::Url::parse_with_params("http://x/", [("client_id", client_id), ("request_uri", request_uri)])
            .unwrap()
            .query()
            .unwrap()
            .to_owned();
    format!("/oauth/authorize?{query}")
}

/// RFC 9126 §2.2, §4
#[tokio::test]
async fn line_41_a_pushed_request_is_used_once_by_its_client() {
    let app = TestApp::start().await;
    let answer = push(&app, &[]).await;
    assert_eq!((answer.status, answer.json["expires_in"].as_i64()), (201, Some(60)));
    let request_uri = answer.member("request_uri");
    let foreign = app.browser().open(&query(BACKEND_OTHER.0, &request_uri)).await;
    assert_eq!((foreign.status, foreign.location()), (400, None));
    let browser = app.browser();
    let back = browser.walk(&query("backend", &request_uri), ALICE, "allow").await;
    assert!(back.starts_with(URI) && parameter(&back, "code").is_some());
    assert_eq!(parameter(&back, "state").as_deref(), Some("a state"));
    let again = browser.open(&query("backend", &request_uri)).await;
    assert_eq!((again.status, again.location()), (400, None));
}

/// RFC 9126 §2.1
#[tokio::test]
async fn line_41_a_request_uri_inside_a_pushed_request_is_refused() {
    let app = TestApp::start().await;
    let answer = push(&app, &[("request_uri", "urn:ietf:params:oauth:request_uri:x")]).await;
    assert_eq!((answer.status, answer.error()), (400, "invalid_request"));
}

/// RFC 9126 §2.3
#[tokio::test]
async fn line_41_the_same_rules_are_asked_when_a_request_is_pushed() {
    let app = TestApp::start().await;
    assert_eq!(push(&app, &[("scope", "audit:read")]).await.error(), "invalid_scope");
    assert_eq!(push(&app, &[("redirect_uri", "http://evil.example/")]).await.error(), "invalid_request");
    assert_eq!(push(&app, &[("code_challenge_method", "plain")]).await.error(), "invalid_request");
    assert_eq!(push(&app, &[("response_type", "token")]).await.error(), "unsupported_response_type");
    let wrong = app.form_as(("backend", "wrong"), "/oauth/par", &[("response_type", "code")]).await;
    assert_eq!((wrong.status, wrong.error()), (401, "invalid_client"));
}

/// RFC 9126 §2.2, OpenID Connect Core §6.2
#[tokio::test]
async fn line_41_a_reference_expires_and_other_references_are_not_fetched() {
    let app = TestApp::start().await;
    let request_uri = push(&app, &[]).await.member("request_uri");
    app.clock.advance(60);
    for uri in [request_uri.as_str(), "urn:ietf:params:oauth:request_uri:unknown", "http://127.0.0.1:1/request"] {
        let page = app.browser().open(&query("backend", uri)).await;
        assert_eq!((page.status, page.location()), (400, None), "{uri}");
    }
}

/// RFC 9126 §6
#[tokio::test]
async fn a_client_that_promised_to_push_must() {
    let app = TestApp::start().await;
    let registration = serde_json::json!({
        "redirect_uris": ["https://pushes.example/callback"],
        "token_endpoint_auth_method": "none",
        "require_pushed_authorization_requests": true,
    });
    let client = Answer::of(app.http.post(app.url("/oauth/register")).json(&registration)).await;
    let uri = [("redirect_uri", "https://pushes.example/callback")];
    let page = app.browser().open(&app.authorization(&client.member("client_id"), "pages:read", &uri)).await;
    assert_eq!(parameter(&page.location().expect("a redirect"), "error").as_deref(), Some("invalid_request"));
}
