//! Signing out (OpenID Connect RP-Initiated Logout 1.0).

use crate::support::{ALICE, TestApp, parameter, redemption};

const AFTER: &str = "http://127.0.0.1:49152/signed-out";

fn path(parameters: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params("http://x/oauth/logout", parameters).unwrap();
    format!("/oauth/logout?{}", url.query().unwrap_or_default())
}

#[tokio::test]
async fn with_the_id_token_of_the_session_a_client_signs_its_person_out() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let query = app.authorization("native-app", "openid", &[]);
    let code = parameter(&browser.walk(&query, ALICE, "allow").await, "code").unwrap();
    let fields = redemption(&code);
    let id_token = app.form("/oauth/token", &fields).await.member("id_token");
    app.clock.advance(1000);
    let out = browser
        .open(&path(&[("id_token_hint", &id_token), ("post_logout_redirect_uri", AFTER), ("state", "x y")]))
        .await;
    assert_eq!(out.location().as_deref(), Some(format!("{AFTER}?state=x+y").as_str()));
    let silent = browser.open(&app.authorization("native-app", "openid", &[("prompt", "none")])).await;
    assert_eq!(parameter(&silent.location().unwrap(), "error").as_deref(), Some("login_required"));
}

#[tokio::test]
async fn without_it_the_person_is_asked() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.walk(&app.authorization("native-app", "openid", &[]), ALICE, "allow").await;
    let query = path(&[("client_id", "native-app"), ("post_logout_redirect_uri", AFTER)]);
    let asked = browser.open(&query).await;
    assert_eq!((asked.status, asked.location()), (200, None));
    assert!(asked.text.contains("alice"));
    let forged = browser.submit(&asked, &[("form_token", "AAAA")]).await;
    assert_eq!(forged.location(), None, "asked again");
    let out = browser.submit(&asked, &[]).await;
    assert_eq!(out.location().as_deref(), Some(AFTER));
    assert!(browser.open(&app.authorization("native-app", "openid", &[])).await.asks_for_password());
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_was_not_registered() {
    let app = TestApp::start().await;
    for parameters in [
        &[("client_id", "native-app"), ("post_logout_redirect_uri", "http://evil.example/")][..],
        &[("post_logout_redirect_uri", AFTER)][..],
        &[("client_id", "backend"), ("post_logout_redirect_uri", AFTER)][..],
        &[("client_id", "nobody")][..],
        &[("id_token_hint", "nonsense")][..],
    ] {
        let page = app.browser().open(&path(parameters)).await;
        assert_eq!((page.status, page.location()), (400, None), "{parameters:?}");
    }
}
