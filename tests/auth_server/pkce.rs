//! Proof Key for Code Exchange: checklist lines 12 to 14.

use crate::support::{ALICE, Answer, BACKEND, TestApp, VERIFIER, parameter};

async fn error_of(app: &TestApp, client_id: &str, extra: &[(&str, &str)]) -> Option<String> {
    let page = app.browser().open(&app.authorization(client_id, "pages:read", extra)).await;
    page.location().and_then(|location| parameter(&location, "error"))
}

async fn exchange(app: &TestApp, code: &str, verifier: &str) -> Answer {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "native-app"),
        ("code", code),
        ("redirect_uri", "http://127.0.0.1:49152/callback"),
        ("code_verifier", verifier),
    ];
    app.form("/oauth/token", &fields).await
}

/// RFC 7636 §4.4.1, RFC 9700 §2.1.1
#[tokio::test]
async fn line_12_a_public_client_needs_a_challenge() {
    let app = TestApp::start().await;
    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    assert_eq!(error_of(&app, "native-app", &without).await.as_deref(), Some("invalid_request"));
    assert_eq!(error_of(&app, "backend", &without).await, None, "a confidential one may do without");
}

/// RFC 7636 §4.3
#[tokio::test]
async fn line_12_plain_unknown_and_absent_methods_and_malformed_challenges_are_refused() {
    let app = TestApp::start().await;
    for method in ["plain", "s256", "S512", ""] {
        let error = error_of(&app, "native-app", &[("code_challenge_method", method)]).await;
        assert_eq!(error.as_deref(), Some("invalid_request"), "{method:?}");
    }
    for challenge in ["short", &"A".repeat(44), &"A".repeat(128), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"] {
        let error = error_of(&app, "native-app", &[("code_challenge", challenge)]).await;
        assert_eq!(error.as_deref(), Some("invalid_request"), "{challenge}");
    }
    assert_eq!(error_of(&app, "backend", &[("code_challenge", "")]).await.as_deref(), Some("invalid_request"));
}

/// RFC 7636 §4.1 and §4.6
#[tokio::test]
async fn line_13_the_verifier_is_43_to_128_unreserved_characters_and_must_fit() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "pages:read", ALICE, &[]).await;
    for verifier in [&VERIFIER[..42], &"a".repeat(129), &format!("{}=", &VERIFIER[..42]), &"a".repeat(43)] {
        let answer = exchange(&app, &code, verifier).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_grant"), "{verifier}");
    }
    assert_eq!(exchange(&app, &code, VERIFIER).await.status, 200, "a wrong guess did not use the code up");
}

/// RFC 9700 §2.1.1 and §4.8.2
#[tokio::test]
async fn line_14_a_verifier_without_a_challenge_and_a_challenge_without_a_verifier_are_refused() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "pages:read", ALICE, &[]).await;
    let missing = exchange(&app, &code, "").await;
    assert_eq!((missing.status, missing.error()), (400, "invalid_grant"));

    let without = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = app.code("backend", "pages:read", ALICE, &without).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "http://127.0.0.1:3999/callback"),
        ("code_verifier", VERIFIER),
    ];
    let downgraded = app.form_as(BACKEND, "/oauth/token", &fields).await;
    assert_eq!((downgraded.status, downgraded.error()), (400, "invalid_grant"));
    assert_eq!(app.form_as(BACKEND, "/oauth/token", &fields[..3]).await.status, 200);
}
