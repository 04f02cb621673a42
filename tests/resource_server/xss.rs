//! Cross-site scripting: what people write is shown and never run, and every page says what may run at all.

use crate::support::{ALICE, Answer, TestApp};
use reqwest::Method;
use serde_json::json;

async fn written(app: &TestApp, body: &str) -> Answer {
    let token = app.door_token(ALICE).await;
    let page = json!({"slug": "hostile", "title": "<img src=x onerror=alert(1)>", "body": body, "version": 0});
    let put = app.request(Method::PUT, "/api/jwt/page").bearer_auth(&token).json(&page);
    let written = Answer::of(put).await;
    assert_eq!(written.status, 200, "{}", written.text);
    let read = app.bearer(Method::GET, "/api/jwt/page?slug=hostile", &token).await;
    assert_eq!(read.json, written.json, "writing and reading answer alike");
    read
}

#[tokio::test]
async fn a_page_is_answered_as_its_source_and_as_html_that_runs_nothing() {
    let app = TestApp::start().await;
    let body = "# Hi\n\n**bold** <script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/y.png)";
    let page = written(&app, body).await;
    assert_eq!(page.member("body"), body, "the source stays as it was written");
    let html = page.member("html");
    assert!(html.contains("<h4>Hi</h4>") && html.contains("<strong>bold</strong>"), "{html}");
    assert!(html.contains("&lt;script&gt;"), "{html}");
    for hostile in ["<script", "<img", "href", "javascript:"] {
        assert!(!html.contains(hostile), "{hostile} in {html}");
    }
    assert_eq!(page.header("content-type"), "application/json");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
}

fn directive<'a>(policy: &'a str, name: &str) -> Option<&'a str> {
    policy.split(';').map(str::trim).find_map(|one| one.strip_prefix(name)).map(str::trim)
}

#[tokio::test]
async fn every_answer_has_a_policy_without_inline_anything() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/basic",
        "/jwt",
        "/oauth",
        "/callback",
        "/signed-out",
        "/no-such-page",
        "/favicon.svg",
        "/pkg/no-such-file.js",
        "/api/nope",
        "/api/open/pages",
        "/oauth/applications",
        "/oauth/device",
        "/oauth/authorize",
        "/oauth/jwks",
        "/.well-known/openid-configuration",
    ] {
        let answer = Answer::of(app.get(path)).await;
        let policy = answer.header("content-security-policy").to_owned();
        assert_eq!(directive(&policy, "default-src"), Some("'none'"), "{path}: {policy}");
        assert_eq!(directive(&policy, "frame-ancestors"), Some("'none'"), "{path}: {policy}");
        for loose in ["unsafe-inline", "'unsafe-eval'", "unsafe-hashes", "http:", "https:", " *", "data: *"] {
            assert!(!policy.contains(loose), "{path}: {loose} in {policy}");
        }
        // Whatever falls back to default-src is shut; these three do not fall back, or have another fallback.
        for name in ["object-src", "worker-src", "frame-src"] {
            assert!(matches!(directive(&policy, name), None | Some("'none'")), "{path}: {policy}");
        }
        if answer.header("content-type").starts_with("text/html") {
            assert_eq!(directive(&policy, "base-uri"), Some("'none'"), "{path}: {policy}");
            assert_eq!(directive(&policy, "require-trusted-types-for"), Some("'script'"), "{path}: {policy}");
        }
    }
}

#[tokio::test]
async fn a_nonce_is_used_once_and_only_scripts_that_carry_it_run() {
    let app = TestApp::start().await;
    let mut nonces = std::collections::BTreeSet::new();
    for path in ["/", "/basic", "/basic", "/no-such-page"] {
        let answer = Answer::of(app.get(path)).await;
        let policy = answer.header("content-security-policy").to_owned();
        let scripts = directive(&policy, "script-src").expect("script-src").to_owned();
        let nonce = scripts.split('\'').find_map(|one| one.strip_prefix("nonce-")).expect("a nonce").to_owned();
        assert!(nonce.len() >= 20, "{nonce}");
        for script in answer.text.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{tag}>");
        }
        assert!(nonces.insert(nonce), "{path}: a nonce came twice");
    }
}

#[tokio::test]
async fn the_pages_of_the_authorization_server_have_no_script_and_can_make_none() {
    let app = TestApp::start().await;
    let query = app.authorization("native-app", "pages:read", &[("login_hint", "\"><script>alert(1)</script>")]);
    for path in ["/oauth/applications", "/oauth/device?user_code=%22%3E%3Cscript%3E", &query] {
        let answer = Answer::of(app.get(path)).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text.contains("<script"), "{path}: {}", answer.text);
        let policy = answer.header("content-security-policy").to_owned();
        assert_eq!(directive(&policy, "script-src"), None, "{path}: {policy}");
        assert_eq!(directive(&policy, "trusted-types"), Some("'none'"), "{path}: {policy}");
    }
}
