//! The device flow: checklist line 41 (RFC 8628).

use crate::support::{ALICE, Answer, Browser, Page, TestApp};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn begin(app: &TestApp) -> Answer {
    let answer = app.form("/oauth/device_authorization", &[("client_id", "tv"), ("scope", "openid pages:read")]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

async fn poll(app: &TestApp, device_code: &str) -> Answer {
    app.form("/oauth/token", &[("grant_type", GRANT), ("client_id", "tv"), ("device_code", device_code)]).await
}

/// Signs in and types the code; answers with the page that asks for the decision.
async fn type_code(browser: &Browser, user_code: &str) -> Page {
    let page = browser.open("/oauth/device").await;
    let page = if page.asks_for_password() {
        let location = browser.sign_in(&page, ALICE).await.location().expect("a redirect");
        browser.open(&location).await
    } else {
        page
    };
    browser.submit(&page, &[("user_code", user_code)]).await
}

/// RFC 8628 §3.2
#[tokio::test]
async fn line_41_a_device_gets_its_codes() {
    let app = TestApp::start().await;
    let answer = begin(&app).await;
    assert_eq!((answer.json["expires_in"].as_i64(), answer.json["interval"].as_i64()), (Some(600), Some(5)));
    assert_eq!(answer.member("verification_uri"), app.url("/oauth/device"));
    assert!(answer.member("verification_uri_complete").ends_with(&answer.member("user_code")));
    assert_eq!(answer.header("cache-control"), "no-store");
    let other = app.form("/oauth/device_authorization", &[("client_id", "native-app")]).await;
    assert_eq!(other.error(), "unauthorized_client");
    let wide = app.form("/oauth/device_authorization", &[("client_id", "tv"), ("scope", "pages:write")]).await;
    assert_eq!(wide.error(), "invalid_scope");
}

/// RFC 8628 §3.5
#[tokio::test]
async fn line_41_it_polls_until_its_person_has_allowed_and_then_once() {
    let app = TestApp::start().await;
    let codes = begin(&app).await;
    let device_code = codes.member("device_code");
    assert_eq!(poll(&app, &device_code).await.error(), "authorization_pending");
    let browser = app.browser();
    let decide = type_code(&browser, &codes.member("user_code").to_lowercase().replace('-', " ")).await;
    assert!(decide.asks_for_consent(), "{}", decide.text);
    let done = browser.submit(&decide, &[("decision", "allow")]).await;
    assert!(done.text.contains("The device is connected"));
    app.clock.advance(5);
    let tokens = poll(&app, &device_code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.text);
    assert!(tokens.json.get("id_token").is_some());
    app.clock.advance(5);
    assert_eq!(poll(&app, &device_code).await.error(), "invalid_grant", "a code works once");
}

/// RFC 8628 §3.5
#[tokio::test]
async fn line_41_who_polls_too_fast_must_wait_five_seconds_longer() {
    let app = TestApp::start().await;
    let device_code = begin(&app).await.member("device_code");
    assert_eq!(poll(&app, &device_code).await.error(), "authorization_pending");
    app.clock.advance(4);
    assert_eq!(poll(&app, &device_code).await.error(), "slow_down");
    app.clock.advance(9);
    assert_eq!(poll(&app, &device_code).await.error(), "slow_down", "ten seconds now");
    app.clock.advance(15);
    assert_eq!(poll(&app, &device_code).await.error(), "authorization_pending", "fifteen were enough");
}

/// RFC 8628 §3.5
#[tokio::test]
async fn line_41_expired_denied_foreign_and_unknown_codes() {
    let app = TestApp::start().await;
    let codes = begin(&app).await;
    let browser = app.browser();
    let decide = type_code(&browser, &codes.member("user_code")).await;
    assert!(browser.submit(&decide, &[("decision", "deny")]).await.text.contains("refused"));
    assert_eq!(poll(&app, &codes.member("device_code")).await.error(), "access_denied");

    let codes = begin(&app).await;
    app.clock.advance(600);
    assert_eq!(poll(&app, &codes.member("device_code")).await.error(), "expired_token");
    let late = type_code(&browser, &codes.member("user_code")).await;
    assert!(!late.asks_for_consent() && late.status == 400);

    assert_eq!(poll(&app, "unknown").await.error(), "invalid_grant");
    assert_eq!(poll(&app, "").await.error(), "invalid_request");
}

/// RFC 8628 §5.1
#[tokio::test]
async fn line_41_guessing_user_codes_is_slowed_down() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for _ in 0..5 {
        assert_eq!(type_code(&browser, "BBBB-BBBB").await.status, 400);
    }
    assert_eq!(type_code(&browser, "BBBB-BBBB").await.status, 429);
}
