//! The authorization endpoint: checklist lines 1 to 10.

use crate::support::{ALICE, BOB, TestApp, claims, parameter};

/// Asserts that the request is answered with an error page, and never with a redirect.
async fn expect_page(app: &TestApp, query: &str) {
    let page = app.browser().open(query).await;
    assert_eq!(page.status, 400, "{query}");
    assert_eq!(page.location(), None, "{query}");
    assert!(page.text.contains("role=\"alert\""), "{query}");
}

/// Asserts that the request is answered with this error at the redirect URI, with state and iss.
async fn expect_error(app: &TestApp, query: &str, error: &str) {
    let page = app.browser().open(query).await;
    let location = page.location().unwrap_or_else(|| panic!("{query}: {} {}", page.status, page.text));
    assert_eq!(page.status, 303, "{query}");
    assert_eq!(parameter(&location, "error").as_deref(), Some(error), "{location}");
    assert_eq!(parameter(&location, "state").as_deref(), Some("a state"), "{location}");
    assert_eq!(parameter(&location, "iss").as_deref(), Some(app.base.as_str()), "{location}");
    assert_eq!(parameter(&location, "code"), None);
}

/// RFC 9700 §2.1, §4.1.3
#[tokio::test]
async fn line_01_the_redirect_uri_is_compared_as_a_string() {
    let app = TestApp::start().await;
    for other in [
        "http://127.0.0.1:3999/callback/",
        "http://127.0.0.1:3999/callback?x=1",
        "http://127.0.0.1:3999/Callback",
        "http://127.0.0.1:4000/callback",
        "http://127.0.0.1:3999/a/../callback",
        "http://127.0.0.1:3999/callbac%6b",
        "http://127.0.0.1:3999@evil.example/callback",
        "http://evil.example/callback",
    ] {
        expect_page(&app, &app.authorization("backend", "pages:read", &[("redirect_uri", other)])).await;
    }
}

/// RFC 8252 §7.3
#[tokio::test]
async fn line_01_a_native_client_may_vary_the_port_of_its_loopback_address() {
    let app = TestApp::start().await;
    for port in [1024, 49152, 65535] {
        let uri = format!("http://127.0.0.1:{port}/callback");
        let query = app.authorization("native-app", "pages:read", &[("redirect_uri", &uri)]);
        assert!(app.browser().open(&query).await.asks_for_password());
    }
    for other in ["http://localhost:5000/callback", "http://127.0.0.2:5000/callback", "http://127.0.0.1:5000/other"] {
        expect_page(&app, &app.authorization("native-app", "pages:read", &[("redirect_uri", other)])).await;
    }
}

/// RFC 6749 §4.1.2.1
#[tokio::test]
async fn line_02_an_unknown_client_or_redirect_uri_gets_a_page_and_never_a_redirect() {
    let app = TestApp::start().await;
    expect_page(&app, &app.authorization("nobody", "pages:read", &[])).await;
    expect_page(&app, &app.authorization("native-app", "pages:read", &[("client_id", "")])).await;
    expect_page(&app, &app.authorization("native-app", "pages:read", &[("redirect_uri", "")])).await;
    expect_page(&app, "/oauth/authorize").await;
    let twice = format!("{}&client_id=backend", app.authorization("native-app", "pages:read", &[]));
    expect_page(&app, &twice).await;
    let twice = format!("{}&redirect_uri=http://evil.example/", app.authorization("native-app", "pages:read", &[]));
    expect_page(&app, &twice).await;
    expect_page(&app, &app.authorization("tv", "pages:read", &[])).await;
}

/// RFC 6749 §3.1.2
#[tokio::test]
async fn line_03_a_fragment_is_refused_and_an_existing_query_is_kept() {
    let app = TestApp::start().await;
    expect_page(
        &app,
        &app.authorization("native-app", "pages:read", &[("redirect_uri", "http://127.0.0.1:5/callback#x")]),
    )
    .await;
    let registration = serde_json::json!({
        "redirect_uris": ["https://client.example/callback?tenant=7&x=%20"],
        "token_endpoint_auth_method": "none",
        "scope": "pages:read",
    });
    let client = crate::support::Answer::of(app.http.post(app.url("/oauth/register")).json(&registration)).await;
    let uri = "https://client.example/callback?tenant=7&x=%20";
    let query = app.authorization(&client.member("client_id"), "pages:read", &[("redirect_uri", uri)]);
    let back = app.browser().walk(&query, ALICE, "allow").await;
    assert!(back.starts_with(&format!("{uri}&code=")), "{back}");
}

/// RFC 6749 §3.1
#[tokio::test]
async fn line_04_unknown_parameters_are_ignored_empty_ones_absent_and_repeated_ones_refused() {
    let app = TestApp::start().await;
    let query = app.authorization("native-app", "pages:read", &[]);
    assert!(app.browser().open(&format!("{query}&display=page&x=1&response_mode=&prompt=")).await.asks_for_password());
    expect_error(&app, &format!("{query}&scope=openid"), "invalid_request").await;
    expect_error(&app, &format!("{query}&nonce=1&nonce=2"), "invalid_request").await;
    expect_error(&app, &format!("{query}&x=1&x=1"), "invalid_request").await;
}

/// RFC 9700 §2.1.2
#[tokio::test]
async fn line_05_no_response_type_but_code_is_served() {
    let app = TestApp::start().await;
    for other in ["token", "id_token", "code token", "code id_token", "none", "CODE"] {
        let query = app.authorization("native-app", "openid", &[("response_type", other)]);
        expect_error(&app, &query, "unsupported_response_type").await;
    }
    expect_error(&app, &app.authorization("native-app", "openid", &[("response_type", "")]), "invalid_request").await;
    for mode in ["fragment", "form_post"] {
        expect_error(&app, &app.authorization("native-app", "openid", &[("response_mode", mode)]), "invalid_request")
            .await;
    }
}

/// RFC 6749 §4.1.2
#[tokio::test]
async fn line_06_state_comes_back_byte_for_byte() {
    let app = TestApp::start().await;
    for state in ["a b+c&d=e%20f", "é€😀", "\"<script>\"", "x".repeat(2000).as_str()] {
        let query = app.authorization("native-app", "pages:read", &[("state", state)]);
        let back = app.browser().walk(&query, ALICE, "allow").await;
        assert_eq!(parameter(&back, "state").as_deref(), Some(state));
        let error = app.authorization("native-app", "nonsense", &[("state", state)]);
        let back = app.browser().open(&error).await.location().expect("a redirect");
        assert_eq!(parameter(&back, "state").as_deref(), Some(state));
    }
    let without = app.authorization("native-app", "pages:read", &[("state", "")]);
    assert_eq!(parameter(&app.browser().walk(&without, ALICE, "allow").await, "state"), None);
}

/// RFC 9207 §2 and §3
#[tokio::test]
async fn line_07_iss_is_in_every_answer_and_announced() {
    let app = TestApp::start().await;
    let query = app.authorization("native-app", "pages:read", &[]);
    for decision in ["allow", "deny"] {
        let back = app.browser().walk(&query, BOB, decision).await;
        assert_eq!(parameter(&back, "iss").as_deref(), Some(app.base.as_str()), "{back}");
        if decision == "allow" {
            let page = app.browser().open(&app.authorization("native-app", "pages:read", &[("prompt", "none")])).await;
            assert!(page.location().expect("a redirect").contains("iss="));
        }
    }
}

/// RFC 9700 §2.6 and §4.12
#[tokio::test]
async fn line_08_no_cors_here_and_only_303_after_credentials() {
    let app = TestApp::start().await;
    let query = app.authorization("native-app", "pages:read", &[]);
    let answer = crate::support::Answer::of(app.get(&query).header("origin", "https://client.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "");
    let browser = app.browser();
    let consent = browser.sign_in(&browser.open(&query).await, ALICE).await;
    let back = browser.submit(&consent, &[("decision", "allow")]).await;
    assert_eq!(back.status, 303);
}

/// RFC 9700 §4.16, RFC 6749 §10.12
#[tokio::test]
async fn line_09_the_pages_cannot_be_framed_and_send_no_referrer() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let sign_in = browser.open(&app.authorization("native-app", "pages:read", &[])).await;
    let consent = browser.sign_in(&sign_in, ALICE).await;
    for page in [&sign_in, &consent] {
        let header =
            |name: &str| page.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
        assert!(!header("content-security-policy").contains("script-src"));
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("cache-control"), "no-store");
        assert!(!page.text.contains("<script"));
    }
}

/// RFC 6749 §10.12, RFC 9700 §4.7
#[tokio::test]
async fn line_09_a_form_without_its_token_or_from_another_browser_is_refused() {
    let app = TestApp::start().await;
    let query = app.authorization("native-app", "pages:read", &[]);
    let browser = app.browser();
    let sign_in = browser.open(&query).await;
    let forged =
        browser.submit(&sign_in, &[("username", "alice"), ("password", "wonderland"), ("form_token", "")]).await;
    assert_eq!(forged.status, 403);
    let elsewhere = app.browser().submit(&sign_in, &[("username", "alice"), ("password", "wonderland")]).await;
    assert_eq!(elsewhere.status, 403, "the cookie is another browser's");

    let consent = browser.sign_in(&sign_in, ALICE).await;
    for token in ["", "AAAA"] {
        let forged = browser.submit(&consent, &[("decision", "allow"), ("form_token", token)]).await;
        assert_eq!((forged.status, forged.location()), (403, None));
    }
    // The token of one request's form decides nothing about another request.
    let mut other = browser.open(&app.authorization("backend", "pages:write", &[])).await;
    other.text = other.text.replace("name=\"form_token\" value=\"", "name=\"old\" value=\"");
    let stolen = consent.inputs().into_iter().find(|(name, _)| name == "form_token").expect("a token").1;
    let forged = browser.submit(&other, &[("decision", "allow"), ("form_token", &stolen)]).await;
    assert_eq!((forged.status, forged.location()), (403, None));
}

/// OpenID Connect Core §3.1.2.1 and §3.1.2.6
#[tokio::test]
async fn line_10_prompt_none_never_asks() {
    let app = TestApp::start().await;
    let silent = app.authorization("native-app", "openid", &[("prompt", "none")]);
    expect_error(&app, &silent, "login_required").await;
    let browser = app.browser();
    browser.sign_in(&browser.open(&app.authorization("native-app", "openid", &[])).await, ALICE).await;
    let undecided = browser.open(&silent).await.location().expect("a redirect");
    assert_eq!(parameter(&undecided, "error").as_deref(), Some("consent_required"));
    browser.walk(&app.authorization("native-app", "openid", &[]), ALICE, "allow").await;
    let decided = browser.open(&silent).await.location().expect("a redirect");
    assert!(parameter(&decided, "code").is_some(), "{decided}");
    let both = app.authorization("native-app", "openid", &[("prompt", "none login")]);
    expect_error(&app, &both, "invalid_request").await;
    expect_error(&app, &app.authorization("native-app", "openid", &[("prompt", "maybe")]), "invalid_request").await;
}

/// OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn line_10_prompt_login_and_max_age_ask_for_the_password_again() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.walk(&app.authorization("native-app", "openid", &[]), ALICE, "allow").await;
    app.clock.advance(100);
    let goes_through = browser.open(&app.authorization("native-app", "openid", &[("max_age", "100")])).await;
    assert!(goes_through.location().is_some());
    let too_old = app.authorization("native-app", "openid", &[("max_age", "99")]);
    for query in [too_old.clone(), app.authorization("native-app", "openid", &[("prompt", "login")])] {
        let page = browser.open(&query).await;
        assert!(page.asks_for_password());
        let back = browser.sign_in(&page, ALICE).await.location().expect("a redirect");
        assert!(parameter(&back, "code").is_some());
    }
    app.clock.advance(100);
    let silent = app.authorization("native-app", "openid", &[("max_age", "99"), ("prompt", "none")]);
    let refused = browser.open(&silent).await.location().expect("a redirect");
    assert_eq!(parameter(&refused, "error").as_deref(), Some("login_required"));
    expect_error(&app, &app.authorization("native-app", "openid", &[("max_age", "soon")]), "invalid_request").await;
}

/// RFC 6749 §4.1.2.1
#[tokio::test]
async fn line_10_a_refusal_and_a_scope_that_is_not_allowed_have_their_codes() {
    let app = TestApp::start().await;
    let back = app.browser().walk(&app.authorization("native-app", "pages:read", &[]), BOB, "deny").await;
    assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
    for scope in ["pages:write", "nonsense", "pages:read  openid", "pages\"read"] {
        expect_error(&app, &app.authorization("native-app", scope, &[]), "invalid_scope").await;
    }
    expect_error(&app, &app.authorization("native-app", "openid", &[("request", "e30.e30.")]), "request_not_supported")
        .await;
    let resource = app.authorization("native-app", "openid", &[("resource", "https://unknown.example")]);
    expect_error(&app, &resource, "invalid_target").await;
}

/// OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn an_id_token_hint_for_somebody_else_is_not_answered_silently() {
    let app = TestApp::start().await;
    let hint = app.tokens("native-app", "openid", BOB).await["id_token"].as_str().unwrap().to_owned();
    let browser = app.browser();
    browser.walk(&app.authorization("native-app", "openid", &[]), ALICE, "allow").await;
    let query = app.authorization("native-app", "openid", &[("prompt", "none"), ("id_token_hint", &hint)]);
    let back = browser.open(&query).await.location().expect("a redirect");
    assert_eq!(parameter(&back, "error").as_deref(), Some("login_required"));
    assert_ne!(claims(&hint)["sub"], "");
}

/// OpenID Connect Core §3.1.2.1
#[tokio::test]
async fn a_request_by_post_and_a_login_hint_are_understood() {
    let app = TestApp::start().await;
    let query = app.authorization("native-app", "openid", &[("login_hint", "bob\"><b>")]);
    let body = query.split_once('?').expect("a query").1.to_owned();
    let request =
        app.http.post(app.url("/oauth/authorize")).header("content-type", "application/x-www-form-urlencoded");
    let answer = crate::support::Answer::of(request.body(body)).await;
    assert_eq!(answer.status, 303);
    let page = app.browser().open(answer.header("location")).await;
    assert!(page.asks_for_password());
    assert!(page.text.contains("bob&quot;&gt;&lt;b&gt;"), "the hint is filled in and escaped");
}
