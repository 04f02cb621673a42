//! Malformed input on every endpoint: the right error, never a 5xx.

use crate::support::{Answer, BACKEND, TestApp, parameter};
use reqwest::Method;

const ENDPOINTS: [(&str, &str); 12] = [
    ("GET", "/oauth/authorize"),
    ("POST", "/oauth/authorize"),
    ("POST", "/oauth/token"),
    ("POST", "/oauth/revoke"),
    ("POST", "/oauth/introspect"),
    ("POST", "/oauth/par"),
    ("POST", "/oauth/device_authorization"),
    ("GET", "/oauth/device"),
    ("POST", "/oauth/device"),
    ("POST", "/oauth/logout"),
    ("POST", "/oauth/register"),
    ("POST", "/oauth/applications"),
];

/// Encoded parameters that no client should send.
const PARAMETERS: [&str; 16] = [
    "",
    "&&&===&",
    "%",
    "%zz",
    "client_id=%ff%fe",
    "client_id=%00",
    "client_id=native-app&redirect_uri=%0d%0aSet-Cookie:%20x=1",
    "client_id=native-app&client_id=native-app",
    "client_id[]=native-app",
    "client_id=native-app&grant_type=authorization_code&code=%00&redirect_uri=%00",
    "client_id=native-app&grant_type=refresh_token&refresh_token=%F0%9F%98%80",
    "client_id=native-app&token=%00",
    "client_id=tv&scope=%22&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=%0a",
    "client_assertion=a.b.c&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "id_token_hint=a.b.c&post_logout_redirect_uri=javascript:alert(1)",
    "step=sign_in&username=%00&password=%00&form_token=%00&decision=allow&user_code=%00",
];

fn check(what: &str, answer: &Answer) {
    assert!((200..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.text);
    assert!(!answer.header("set-cookie").contains("x=1"), "{what}: a header was injected");
    assert!(!answer.text.contains("panicked") && !answer.text.contains("src/"), "{what}: {}", answer.text);
}

#[tokio::test]
async fn malformed_parameters_get_a_4xx_on_every_endpoint() {
    let app = TestApp::start().await;
    for (method, path) in ENDPOINTS {
        for parameters in PARAMETERS {
            let what = format!("{method} {path} {parameters}");
            let answer = if method == "GET" {
                Answer::of(app.get(&format!("{path}?{parameters}"))).await
            } else {
                let request =
                    app.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
                Answer::of(request.body(parameters)).await
            };
            check(&what, &answer);
            // These are pages for people, and show themselves whatever the parameters.
            let is_page = ["/oauth/device", "/oauth/logout"].contains(&path);
            assert!(is_page || answer.status != 200, "{what}");
        }
    }
}

#[tokio::test]
async fn wrong_content_types_and_methods_get_a_4xx_on_every_endpoint() {
    let app = TestApp::start().await;
    for (_, path) in ENDPOINTS {
        for media_type in
            ["application/json", "text/plain", "multipart/form-data; boundary=x", "\u{7f}".trim_end_matches('\u{7f}')]
        {
            let request =
                app.request(Method::POST, path).header("content-type", media_type).body("client_id=native-app");
            let answer = Answer::of(request).await;
            check(&format!("{path} as {media_type}"), &answer);
            assert!(answer.status >= 400, "{path} as {media_type}: {}", answer.status);
        }
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            assert_eq!(Answer::of(app.request(method.clone(), path)).await.status, 405, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_body_of_a_megabyte_is_refused_on_every_endpoint() {
    let app = TestApp::start().await;
    let body = format!("client_id={}", "a".repeat(1024 * 1024));
    for (method, path) in ENDPOINTS {
        if method == "GET" {
            continue;
        }
        let request = app.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
        // The server may hang up while the body is still on its way; that is a refusal too.
        if let Ok(response) = request.body(body.clone()).send().await {
            assert_eq!(response.status().as_u16(), 413, "{path}");
        }
    }
    let fields = [("grant_type", "client_credentials")];
    assert_eq!(app.form_as(BACKEND, "/oauth/token", &fields).await.status, 200, "and the others are served");
}

/// Random bytes as parameters. The seed is printed, so that a failure can be repeated.
#[tokio::test]
async fn random_bytes_get_a_4xx_on_every_endpoint() {
    let app = TestApp::start().await;
    let seed = std::env::var("SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| u64::from_le_bytes(three_keys::random::Random::system().bytes::<8>()));
    println!("SEED={seed}");
    let mut state = seed | 1;
    let mut next = || {
        // xorshift64*, which is all that a test needs.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes()[7]
    };
    for (_, path) in ENDPOINTS {
        for _ in 0..30 {
            let body: Vec<u8> = (0..usize::from(next())).map(|_| next()).collect();
            let request = app.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
            check(&format!("SEED={seed} {path}"), &Answer::of(request.body(body)).await);
        }
    }
}

/// RFC 6819 §4.4.1.11
#[tokio::test]
async fn a_parameter_without_an_end_is_refused_where_it_would_be_kept_or_shown() {
    let app = TestApp::start().await;
    for (name, longest) in [("nonce", 512), ("login_hint", 256), ("state", 2048), ("anything", 8192)] {
        let ask = async |length: usize| {
            let value = "x".repeat(length);
            let page = app.browser().open(&app.authorization("native-app", "pages:read", &[(name, &value)])).await;
            page.location().and_then(|location| parameter(&location, "error"))
        };
        assert_eq!(ask(longest).await, None, "{name}");
        assert_eq!(ask(longest + 1).await.as_deref(), Some("invalid_request"), "{name}");
    }
    let long = "x".repeat(513);
    let query = app.authorization("backend", "pages:read", &[("nonce", &long)]);
    let fields: Vec<(String, String)> =
        reqwest::Url::parse(&app.url(&query)).expect("a URL").query_pairs().into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(app.form_as(BACKEND, "/oauth/par", &fields).await.error(), "invalid_request");
}
