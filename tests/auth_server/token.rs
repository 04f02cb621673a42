//! The token endpoint: checklist lines 15 to 17, 19 and 20.

use crate::support::{ALICE, Answer, BACKEND, BACKEND_OTHER, TestApp, claims, redemption};
use reqwest::Method;

async fn redeem(app: &TestApp, code: &str, extra: &[(&str, &str)]) -> Answer {
    let mut fields = redemption(code).to_vec();
    fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    fields.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
    app.form("/oauth/token", &fields).await
}

/// RFC 6749 §4.1.2 and §10.5
#[tokio::test]
async fn line_15_a_second_use_of_a_code_revokes_all_that_it_issued() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "openid offline_access pages:read", ALICE, &[]).await;
    let first = redeem(&app, &code, &[]).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let (access, refresh) = (first.member("access_token"), first.member("refresh_token"));
    assert_eq!(app.bearer(Method::GET, "/api/oauth/pages", &access).await.status, 200);

    let second = redeem(&app, &code, &[]).await;
    assert_eq!((second.status, second.error()), (400, "invalid_grant"));
    assert!(!app.is_active(&access).await);
    assert!(!app.is_active(&refresh).await);
    assert_eq!(app.bearer(Method::GET, "/api/oauth/pages", &access).await.status, 401);
    assert_eq!(app.refresh("native-app", &refresh).await.error(), "invalid_grant");
}

/// RFC 6749 §4.1.2
#[tokio::test]
async fn line_16_a_code_lives_for_a_minute() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "pages:read", ALICE, &[]).await;
    app.clock.advance(60);
    assert_eq!(redeem(&app, &code, &[]).await.error(), "invalid_grant");
    let code = app.code("native-app", "pages:read", ALICE, &[]).await;
    app.clock.advance(59);
    assert_eq!(redeem(&app, &code, &[]).await.status, 200);
}

/// RFC 6749 §4.1.3
#[tokio::test]
async fn line_16_a_code_is_bound_to_its_client_and_redirect_uri() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "pages:read", ALICE, &[]).await;
    assert_eq!(redeem(&app, &code, &[("client_id", "blink")]).await.error(), "invalid_grant");
    for other in ["http://127.0.0.1:49153/callback", "http://127.0.0.1/callback"] {
        assert_eq!(redeem(&app, &code, &[("redirect_uri", other)]).await.error(), "invalid_grant", "{other}");
    }
    assert_eq!(redeem(&app, &code, &[]).await.status, 200, "none of these used the code up");
}

/// RFC 6749 §3.2 and §5.1
#[tokio::test]
async fn line_17_only_a_form_by_post_is_taken_and_nothing_is_cached() {
    let app = TestApp::start().await;
    let body = "grant_type=client_credentials&scope=pages:read";
    let form = "application/x-www-form-urlencoded";
    let post = || app.request(Method::POST, "/oauth/token").basic_auth(BACKEND.0, Some(BACKEND.1));
    let good = Answer::of(post().header("content-type", form).body(body)).await;
    assert_eq!((good.status, good.header("cache-control")), (200, "no-store"));
    assert_eq!(Answer::of(app.get("/oauth/token")).await.status, 405);
    for media_type in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
        let answer = Answer::of(post().header("content-type", media_type).body(body)).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_request"), "{media_type}");
    }
    let repeated = Answer::of(post().header("content-type", form).body(format!("{body}&scope=pages:read"))).await;
    assert_eq!((repeated.status, repeated.error()), (400, "invalid_request"));
    assert_eq!(repeated.header("cache-control"), "no-store");
    let in_uri = app.request(Method::POST, "/oauth/token?scope=pages:read").basic_auth(BACKEND.0, Some(BACKEND.1));
    let in_uri = Answer::of(in_uri.header("content-type", form).body("grant_type=client_credentials")).await;
    assert_eq!((in_uri.status, in_uri.error()), (400, "invalid_request"));
}

/// RFC 6749 §5.2, RFC 9700 §2.4
#[tokio::test]
async fn line_19_unknown_and_forbidden_grant_types_have_their_codes() {
    let app = TestApp::start().await;
    for grant_type in ["password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "Authorization_Code"] {
        let fields = [("grant_type", grant_type), ("username", "alice"), ("password", "wonderland")];
        let answer = app.form_as(BACKEND, "/oauth/token", &fields).await;
        assert_eq!((answer.status, answer.error()), (400, "unsupported_grant_type"), "{grant_type}");
    }
    assert_eq!(app.form_as(BACKEND, "/oauth/token", &[]).await.error(), "invalid_request");
    let fields = [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", "x")];
    assert_eq!(app.form_as(BACKEND, "/oauth/token", &fields).await.error(), "unauthorized_client");
    for code in ["unknown", &"x".repeat(5000)] {
        let answer = redeem(&app, code, &[]).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_grant"));
    }
    assert_eq!(redeem(&app, "", &[]).await.error(), "invalid_request");
}

/// RFC 6749 §4.4
#[tokio::test]
async fn line_20_client_credentials_are_for_confidential_clients_and_never_widen() {
    let app = TestApp::start().await;
    let public = [("grant_type", "client_credentials"), ("client_id", "native-app")];
    assert_eq!(app.form("/oauth/token", &public).await.error(), "unauthorized_client");
    for scope in ["audit:read", "openid", "offline_access", "pages:read nonsense"] {
        let fields = [("grant_type", "client_credentials"), ("scope", scope)];
        let answer = app.form_as(BACKEND, "/oauth/token", &fields).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_scope"), "{scope}");
    }
    let answer = app.form_as(BACKEND, "/oauth/token", &[("grant_type", "client_credentials")]).await;
    assert_eq!(answer.member("scope"), "pages:read", "what was not asked for is named");
    assert!(answer.json.get("refresh_token").is_none() && answer.json.get("id_token").is_none());
    assert_eq!(claims(&answer.member("access_token"))["sub"], "backend");
}

/// RFC 8707 §2
#[tokio::test]
async fn an_unknown_resource_is_an_invalid_target() {
    let app = TestApp::start().await;
    let fields = |resource: &'static str| [("grant_type", "client_credentials"), ("resource", resource)];
    assert_eq!(
        app.form_as(BACKEND, "/oauth/token", &fields("https://unknown.example")).await.error(),
        "invalid_target"
    );
    let elsewhere = app.form_as(BACKEND, "/oauth/token", &fields("urn:three-keys:elsewhere")).await;
    assert_eq!(claims(&elsewhere.member("access_token"))["aud"], "urn:three-keys:elsewhere");
    let both = [("grant_type", "client_credentials"), ("resource", "urn:three-keys:elsewhere"), ("resource", "urn:x")];
    assert_eq!(app.form_as(BACKEND_OTHER, "/oauth/token", &both).await.error(), "invalid_target");
}

#[tokio::test]
async fn the_access_tokens_of_blink_and_trip_planner_are_short() {
    let app = TestApp::start().await;
    for (client_id, seconds) in [("blink", 2), ("trip-planner", 60), ("native-app", 300)] {
        let tokens = app.tokens(client_id, "pages:read", ALICE).await;
        assert_eq!(tokens["expires_in"], seconds, "{client_id}");
    }
}
