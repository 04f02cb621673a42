//! Cross-site request forgery: the doors take no cookie, a browser asks before it sends them anything from another
//! site, and the forms of the sign-in pages come from those pages alone.

use crate::support::{ALICE, Answer, Browser, TestApp};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::json;

/// A person who is signed in at the authorization server, by the cookie alone.
async fn signed_in(app: &TestApp) -> Browser {
    let browser = app.browser();
    let page = browser.open("/oauth/applications").await;
    assert_eq!(browser.sign_in(&page, ALICE).await.location(), Some(app.url("/oauth/applications")));
    browser
}

fn well_formed(http: &Client, app: &TestApp, path: &str, method: &Method) -> RequestBuilder {
    match (path, method.clone()) {
        (_, Method::PUT) => http
            .request(method.clone(), app.url(path))
            .json(&json!({"slug": "welcome", "title": "t", "body": "b", "version": 1})),
        (_, Method::POST) => http.request(method.clone(), app.url(path)).json(&json!({})),
        _ => http.request(method.clone(), app.url(&format!("{path}?slug=welcome&version=1"))),
    }
}

#[tokio::test]
async fn no_function_takes_the_cookie_of_the_sign_in_pages_for_credentials() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let page = browser.open("/oauth/applications").await;
    assert!(page.text.contains("signed in as"), "the cookie is good where it belongs: {}", page.text);
    let unguarded = ["/api/jwt/sign_in", "/api/basic/guest"];
    let guarded = server_fn::axum::server_fn_paths()
        .filter(|(path, _)| !path.starts_with("/api/open/") && !unguarded.contains(path));
    let mut asked = 0;
    for (path, method) in guarded {
        let answer = Answer::of(well_formed(browser.client(), &app, path, &method)).await;
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
        assert_eq!(answer.header("set-cookie"), "", "{method} {path}");
        asked += 1;
    }
    assert!(asked >= 20, "{asked}");
}

#[tokio::test]
async fn a_page_of_another_site_can_neither_send_nor_read_anything_at_the_doors() {
    let app = TestApp::start().await;
    for (path, method) in server_fn::axum::server_fn_paths() {
        let preflight = app
            .request(Method::OPTIONS, path)
            .header("origin", "https://evil.example")
            .header("access-control-request-method", method.as_str())
            .header("access-control-request-headers", "authorization,content-type");
        let plain = well_formed(&app.http, &app, path, &method).header("origin", "https://evil.example");
        for answer in [Answer::of(preflight).await, Answer::of(plain).await] {
            let allowing = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(allowing, None, "{method} {path}");
        }
        if method == Method::PUT || method == Method::POST {
            // The three media types that a form can have, which need no preflight (Fetch §2.2.2).
            for simple in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
                let sent = app.request(method.clone(), path).header("content-type", simple).body("{}");
                assert_eq!(Answer::of(sent).await.status, 415, "{method} {path} {simple}");
            }
        }
    }
}

#[tokio::test]
async fn a_form_of_ours_that_another_site_sends_is_refused_even_with_its_token() {
    let app = TestApp::start().await;
    let own = app.base.clone();
    for (headers, accepted) in [
        (vec![], true),
        (vec![("sec-fetch-site", "same-origin"), ("origin", "null")], true),
        (vec![("sec-fetch-site", "same-origin"), ("origin", &*own)], true),
        (vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")], false),
        (vec![("sec-fetch-site", "same-site")], false),
        (vec![("origin", "https://evil.example")], false),
    ] {
        let forms = ["/oauth/applications", "/oauth/device", &app.authorization("trip-planner", "pages:read", &[])];
        for path in forms {
            let browser = app.browser();
            let mut fields = browser.open(path).await.inputs();
            for (name, value) in &mut fields {
                match name.as_str() {
                    "username" => ALICE.0.clone_into(value),
                    "password" => ALICE.1.clone_into(value),
                    _ => {}
                }
            }
            let mut request = browser.client().post(app.url(path)).form(&fields);
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let answer = Answer::of(request).await;
            assert_eq!(answer.status != 403, accepted, "{path} {headers:?}: {} {}", answer.status, answer.text);
            assert_eq!(answer.header("set-cookie").contains("three_keys_session="), accepted, "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn signing_out_and_revoking_cannot_be_done_from_another_site() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let page = browser.open("/oauth/logout").await;
    let evil = |fields: Vec<(String, String)>| {
        browser.client().post(app.url("/oauth/logout")).header("sec-fetch-site", "cross-site").form(&fields)
    };
    assert_eq!(Answer::of(evil(page.inputs())).await.status, 403);
    // A client may send the person here from its own site, and then the person is asked.
    let asked = Answer::of(evil(vec![("client_id".to_owned(), "three-keys-ui".to_owned())])).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    assert!(browser.open("/oauth/applications").await.text.contains("signed in as"), "still signed in");
    assert_eq!(browser.post(&page, &page.inputs()).await.status, 200);
    assert!(browser.open("/oauth/applications").await.asks_for_password());
}

#[tokio::test]
async fn a_client_may_ask_for_authorization_by_post_from_its_own_site() {
    let app = TestApp::start().await;
    let query = app.authorization("native-app", "pages:read", &[]);
    let (_, fields) = query.split_once('?').expect("a query");
    let request = app
        .request(Method::POST, "/oauth/authorize")
        .header("sec-fetch-site", "cross-site")
        .header("origin", "https://client.example")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(fields.to_owned());
    assert_eq!(Answer::of(request).await.status, 303);
}
