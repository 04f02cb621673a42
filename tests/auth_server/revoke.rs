//! Revocation: checklist lines 24 and 25 (RFC 7009).

use crate::support::{ALICE, BACKEND, BACKEND_OTHER, BOB, TestApp};
use reqwest::Method;

/// RFC 7009 §2.1 and §2.2
#[tokio::test]
async fn line_24_a_wrong_hint_widens_the_search_and_an_unknown_token_is_200() {
    let app = TestApp::start().await;
    for hint in ["access_token", "refresh_token", "nonsense"] {
        let tokens = app.tokens("native-app", "offline_access pages:read", ALICE).await;
        for name in ["access_token", "refresh_token"] {
            let token = tokens[name].as_str().unwrap();
            let fields = [("token", token), ("token_type_hint", hint), ("client_id", "native-app")];
            assert_eq!(app.form("/oauth/revoke", &fields).await.status, 200);
            assert!(!app.is_active(token).await, "{name} with hint {hint}");
        }
    }
    for token in ["unknown", "a.b.c", &"x".repeat(9000)] {
        assert_eq!(app.form("/oauth/revoke", &[("token", token), ("client_id", "native-app")]).await.status, 200);
    }
    assert_eq!(app.form("/oauth/revoke", &[("client_id", "native-app")]).await.error(), "invalid_request");
    assert_eq!(app.form_as(("backend", "wrong"), "/oauth/revoke", &[("token", "x")]).await.status, 401);
}

/// RFC 7009 §2.1
#[tokio::test]
async fn line_24_another_clients_token_is_left_alone() {
    let app = TestApp::start().await;
    let tokens = app.tokens("backend", "offline_access pages:read", ALICE).await;
    for name in ["access_token", "refresh_token"] {
        let token = tokens[name].as_str().unwrap();
        assert_eq!(app.form_as(BACKEND_OTHER, "/oauth/revoke", &[("token", token)]).await.status, 200);
        assert_eq!(app.form("/oauth/revoke", &[("token", token), ("client_id", "native-app")]).await.status, 200);
        assert!(app.is_active(token).await, "{name}");
    }
}

/// RFC 7009 §2.1
#[tokio::test]
async fn line_25_revoking_a_refresh_token_ends_its_access_tokens_everywhere_at_once() {
    let app = TestApp::start().await;
    let tokens = app.tokens("native-app", "offline_access pages:read", ALICE).await;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let newer = app.refresh("native-app", refresh).await;
    let newest = newer.member("access_token");
    for token in [access, &newest] {
        assert_eq!(app.bearer(Method::GET, "/api/oauth/pages", token).await.status, 200);
    }
    let fields = [("token", &*newer.member("refresh_token")), ("client_id", "native-app")];
    assert_eq!(app.form("/oauth/revoke", &fields).await.status, 200);
    for token in [access, &newest] {
        assert!(!app.is_active(token).await);
        let refused = app.bearer(Method::GET, "/api/oauth/pages", token).await;
        assert_eq!((refused.status, refused.member("check")), (401, "revocation".to_owned()));
    }
}

#[tokio::test]
async fn a_revocation_outlives_a_restart_and_touches_no_other_grant() {
    let app = TestApp::start().await;
    let mine = app.tokens("native-app", "offline_access pages:read", ALICE).await;
    let other = app.tokens("native-app", "offline_access pages:read", BOB).await;
    let fields = [("token", mine["refresh_token"].as_str().unwrap()), ("client_id", "native-app")];
    assert_eq!(app.form("/oauth/revoke", &fields).await.status, 200);
    let app = app.restart().await;
    let status = |token: &serde_json::Value| {
        let token = token["access_token"].as_str().unwrap().to_owned();
        let app = &app;
        async move { app.bearer(Method::GET, "/api/oauth/pages", &token).await.status }
    };
    assert_eq!((status(&mine).await, status(&other).await), (401, 200));
}

#[tokio::test]
async fn one_access_token_can_be_revoked_alone() {
    let app = TestApp::start().await;
    let fields = [("grant_type", "client_credentials"), ("scope", "pages:read")];
    let first = app.form_as(BACKEND, "/oauth/token", &fields).await.member("access_token");
    let second = app.form_as(BACKEND, "/oauth/token", &fields).await.member("access_token");
    assert_eq!(app.form_as(BACKEND, "/oauth/revoke", &[("token", &first)]).await.status, 200);
    assert_eq!(app.bearer(Method::GET, "/api/oauth/pages", &first).await.status, 401);
    assert_eq!(app.bearer(Method::GET, "/api/oauth/pages", &second).await.status, 200);
}
