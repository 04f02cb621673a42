//! Consent per account and client: remembered, asked again when the scope grows, partial, and taken back.

use crate::support::{ALICE, Answer, BOB, TestApp, parameter};
use reqwest::Method;

#[tokio::test]
async fn a_remembered_consent_is_not_asked_again_until_the_scope_grows() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let narrow = app.authorization("native-app", "pages:read", &[]);
    browser.walk(&narrow, ALICE, "allow").await;
    assert!(browser.open(&narrow).await.location().is_some());
    let wide = browser.open(&app.authorization("native-app", "pages:read profile", &[])).await;
    assert!(wide.asks_for_consent());
    assert!(wide.text.contains("(new)"));
    let asked = browser.open(&app.authorization("native-app", "pages:read", &[("prompt", "consent")])).await;
    assert!(asked.asks_for_consent());
    let other = app.browser();
    let page = other.sign_in(&other.open(&narrow).await, BOB).await;
    assert!(page.asks_for_consent(), "what alice allowed is not bob's consent");
}

#[tokio::test]
async fn a_third_party_asks_every_time() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let query = app.authorization("trip-planner", "pages:read", &[]);
    browser.walk(&query, ALICE, "allow").await;
    assert!(browser.open(&query).await.asks_for_consent());
}

#[tokio::test]
async fn a_scope_that_was_unticked_is_not_granted_and_named_in_the_answer() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let query = app.authorization("three-keys-ui", "openid pages:read pages:write", &[]);
    let page = browser.sign_in(&browser.open(&query).await, ALICE).await;
    let mut fields = page.inputs();
    fields.retain(|(name, value)| !(name == "scope" && value == "pages:write"));
    fields.push(("decision".into(), "allow".into()));
    let back = browser.post(&page, &fields).await.location().expect("a redirect");
    let uri = app.url("/callback");
    let code = parameter(&back, "code").expect("a code");
    let token = [
        ("grant_type", "authorization_code"),
        ("client_id", "three-keys-ui"),
        ("code", &*code),
        ("redirect_uri", &*uri),
        ("code_verifier", crate::support::VERIFIER),
    ];
    assert_eq!(app.form("/oauth/token", &token).await.member("scope"), "openid pages:read");

    let page = browser.open(&query).await;
    let mut fields = page.inputs();
    fields.retain(|(name, _)| name != "scope");
    fields.push(("scope".into(), "audit:read".into()));
    fields.push(("decision".into(), "allow".into()));
    let back = browser.post(&page, &fields).await.location().expect("a redirect");
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"), "what was not asked cannot be ticked");
}

/// OAuth's answer to Basic's weakness: one application is shut out, at once and everywhere, and no other.
#[tokio::test]
async fn revoking_one_application_ends_its_tokens_everywhere_and_touches_no_other() {
    let app = TestApp::start().await;
    let revoked = app.tokens("native-app", "offline_access pages:read", ALICE).await;
    let same_account = app.tokens("blink", "offline_access pages:read", ALICE).await;
    let same_client = app.tokens("native-app", "offline_access pages:read", BOB).await;

    let browser = app.browser();
    let page = browser.sign_in(&browser.open("/oauth/applications").await, ALICE).await;
    let page = browser.open(&page.location().expect("a redirect")).await;
    assert!(page.text.contains("Native App") && page.text.contains("Blink") && page.text.contains("just now"));
    let forged = [("step".to_owned(), "revoke".to_owned()), ("client_id".to_owned(), "native-app".to_owned())];
    assert_eq!(browser.post(&page, &forged).await.status, 403, "without the form's token nothing is revoked");
    let form = page.text.split("<form ").find(|form| form.contains("value=\"native-app\"")).expect("its form");
    let only = crate::support::Page { text: format!("<form {form}"), ..page };
    assert_eq!(browser.post(&only, &only.inputs()).await.status, 303);
    assert!(!browser.open("/oauth/applications").await.text.contains("Native App"));

    let pages = |tokens: &serde_json::Value| {
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        let app = &app;
        async move { app.bearer(Method::GET, "/api/oauth/pages", &token).await.status }
    };
    assert_eq!(pages(&revoked).await, 401);
    assert_eq!(app.refresh("native-app", revoked["refresh_token"].as_str().unwrap()).await.error(), "invalid_grant");
    assert!(!app.is_active(revoked["access_token"].as_str().unwrap()).await);
    assert_eq!((pages(&same_account).await, pages(&same_client).await), (200, 200));
    assert_eq!(app.refresh("blink", same_account["refresh_token"].as_str().unwrap()).await.status, 200);
    assert!(
        browser.open(&app.authorization("native-app", "pages:read", &[])).await.asks_for_consent(),
        "and it must ask again"
    );
    let basic = app.get("/api/basic/pages").basic_auth(ALICE.0, Some(ALICE.1));
    assert_eq!(Answer::of(basic).await.status, 200);
}
