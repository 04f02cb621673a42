//! Introspection: checklist line 23 (RFC 7662).

use crate::support::{ALICE, BACKEND, BACKEND_OTHER, RESOURCE_SERVER, TestApp};

const NOTHING: &str = r#"{"active":false}"#;

/// RFC 7662 §2.1
#[tokio::test]
async fn line_23_introspection_needs_authorization() {
    let app = TestApp::start().await;
    let token = app.tokens("native-app", "pages:read", ALICE).await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(app.form("/oauth/introspect", &[("token", &token)]).await.status, 401);
    let public = app.form("/oauth/introspect", &[("token", &token), ("client_id", "native-app")]).await;
    assert_eq!((public.status, public.error()), (401, "invalid_client"));
    let wrong = app.form_as(("resource-server", "wrong"), "/oauth/introspect", &[("token", &token)]).await;
    assert_eq!(wrong.status, 401);
    assert_eq!(app.form_as(RESOURCE_SERVER, "/oauth/introspect", &[]).await.error(), "invalid_request");
}

/// RFC 7662 §2.2
#[tokio::test]
async fn line_23_an_active_token_is_described() {
    let app = TestApp::start().await;
    let tokens = app.tokens("backend", "openid offline_access pages:read", ALICE).await;
    let access = tokens["access_token"].as_str().unwrap();
    let seen = app.form_as(RESOURCE_SERVER, "/oauth/introspect", &[("token", access)]).await;
    assert_eq!(seen.json["active"], true);
    for (name, value) in [("client_id", "backend"), ("username", "alice"), ("token_type", "Bearer"), ("iss", &app.base)]
    {
        assert_eq!(seen.member(name), value);
    }
    assert_eq!(seen.header("cache-control"), "no-store");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let seen = app.form_as(BACKEND, "/oauth/introspect", &[("token", refresh)]).await;
    assert_eq!((seen.json["active"].as_bool(), seen.member("client_id")), (Some(true), "backend".to_owned()));
}

/// RFC 7662 §2.2, §4
#[tokio::test]
async fn line_23_unknown_expired_revoked_and_foreign_tokens_are_inactive_and_nothing_more() {
    let app = TestApp::start().await;
    let tokens = app.tokens("backend", "offline_access pages:read", ALICE).await;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    for token in [access, refresh] {
        let foreign = app.form_as(BACKEND_OTHER, "/oauth/introspect", &[("token", token)]).await;
        assert_eq!((foreign.status, foreign.text.as_str()), (200, NOTHING));
    }
    for token in ["unknown", "a.b.c", &"x".repeat(9000), &format!("{access}x"), &app.door_token(ALICE).await] {
        let answer = app.form_as(RESOURCE_SERVER, "/oauth/introspect", &[("token", token)]).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, NOTHING), "{token}");
    }
    let rotated =
        app.form_as(BACKEND, "/oauth/token", &[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    assert_eq!(rotated.status, 200);
    assert!(!app.is_active(refresh).await, "the old one is none any more");
    app.clock.advance(300);
    assert!(!app.is_active(access).await, "it has expired");
}
