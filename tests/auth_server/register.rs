//! Dynamic client registration (RFC 7591).

use crate::support::{Answer, TestApp};
use serde_json::{Value, json};

async fn register(app: &TestApp, metadata: &Value) -> Answer {
    Answer::of(app.http.post(app.url("/oauth/register")).json(metadata)).await
}

#[tokio::test]
async fn a_client_registers_and_gets_a_secret_that_works() {
    let app = TestApp::start().await;
    let metadata =
        json!({"redirect_uris": ["https://a.example/cb"], "grant_types": ["client_credentials"], "unknown": 1});
    let answer = register(&app, &metadata).await;
    assert_eq!((answer.status, answer.header("cache-control")), (201, "no-store"));
    assert_eq!(answer.member("token_endpoint_auth_method"), "client_secret_basic");
    let (id, secret) = (answer.member("client_id"), answer.member("client_secret"));
    let token = app.form_as((&id, &secret), "/oauth/token", &[("grant_type", "client_credentials")]).await;
    assert_eq!(token.status, 200, "{}", token.text);
}

#[tokio::test]
async fn unsafe_metadata_is_refused() {
    let app = TestApp::start().await;
    let uri = |uri: &str| json!({"redirect_uris": [uri]});
    for bad in ["http://a.example/cb", "javascript:alert(1)", "https://a.example/#x", "/cb", "https://u@a.example/", ""]
    {
        let answer = register(&app, &uri(bad)).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_redirect_uri"), "{bad}");
    }
    assert_eq!(register(&app, &json!({})).await.error(), "invalid_redirect_uri");
    let with = |name: &str, value: Value| {
        let mut metadata = uri("https://a.example/cb");
        metadata[name] = value;
        metadata
    };
    app.clock.advance(1000);
    for metadata in [
        with("scope", json!("audit:read")),
        with("grant_types", json!(["password"])),
        with("response_types", json!(["token"])),
        with("token_endpoint_auth_method", json!("tls_client_auth")),
        with("token_endpoint_auth_method", json!("private_key_jwt")),
        with("jwks_uri", json!("http://127.0.0.1:1/")),
        with("software_statement", json!("e30.e30.")),
        with("client_name", json!("a\u{0}b")),
        with("client_name", json!("x".repeat(81))),
        with("id_token_signed_response_alg", json!("none")),
    ] {
        let answer = register(&app, &metadata).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_client_metadata"), "{metadata}");
    }
    app.clock.advance(1000);
    let public = json!({"token_endpoint_auth_method": "none", "grant_types": ["client_credentials"]});
    assert_eq!(register(&app, &public).await.error(), "invalid_client_metadata");
    for (media_type, body) in [("text/plain", "{}"), ("application/json", "{"), ("application/json", "[]")] {
        let request = app.http.post(app.url("/oauth/register")).header("content-type", media_type).body(body);
        assert_eq!(Answer::of(request).await.error(), "invalid_client_metadata", "{media_type} {body}");
    }
}

#[tokio::test]
async fn registering_is_slowed_down_and_does_not_hold_up_signing_in() {
    let app = TestApp::start().await;
    let metadata = json!({"grant_types": ["client_credentials"]});
    for _ in 0..20 {
        assert_eq!(register(&app, &metadata).await.status, 201);
    }
    let throttled = register(&app, &metadata).await;
    assert_eq!((throttled.status, throttled.error()), (429, "temporarily_unavailable"));
    assert_eq!(throttled.header("retry-after"), "1");
    app.door_token(crate::support::ALICE).await;
}

#[tokio::test]
async fn a_name_is_shown_escaped() {
    let app = TestApp::start().await;
    let metadata = json!({
        "redirect_uris": ["https://a.example/cb"],
        "token_endpoint_auth_method": "none",
        "client_name": "<script>alert(1)</script>",
    });
    let id = register(&app, &metadata).await.member("client_id");
    let page =
        app.browser().open(&app.authorization(&id, "pages:read", &[("redirect_uri", "https://a.example/cb")])).await;
    assert!(page.asks_for_password());
    assert!(!page.text.contains("<script>") && page.text.contains("&lt;script&gt;"));
}
