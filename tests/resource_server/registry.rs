//! No server function answers without credentials, unless it is meant to.

use crate::support::{Answer, TestApp};
use reqwest::Method;

#[tokio::test]
async fn every_function_outside_the_open_door_refuses_a_caller_without_credentials() {
    let app = TestApp::start().await;
    let functions: Vec<(&str, Method)> = server_fn::axum::server_fn_paths().collect();
    assert!(functions.len() >= 20, "the registry is filled: {functions:?}");
    for (path, method) in functions {
        let request = match path {
            // Each gets arguments that are in order, so that only the guard can refuse.
            "/api/basic/page" | "/api/jwt/page" | "/api/oauth/page" if method == Method::PUT => app
                .request(method.clone(), path)
                .json(&serde_json::json!({"slug": "welcome", "title": "t", "body": "b", "version": 1})),
            "/api/basic/password" => {
                app.request(method.clone(), path).json(&serde_json::json!({"password": "a better one"}))
            }
            _ if method == Method::POST => app.request(method.clone(), path).json(&serde_json::json!({})),
            _ => app.request(method.clone(), &format!("{path}?slug=welcome&version=1")),
        };
        let answer = Answer::of(request).await;
        match path {
            "/api/open/pages" => assert_eq!(answer.status, 200),
            // It gives away credentials that are good for reading what the demo shows to everybody.
            "/api/basic/guest" => assert_eq!(answer.status, 200, "{}", answer.text),
            // Without arguments it gets no further than their check; it is the place where credentials are shown.
            "/api/jwt/sign_in" => assert_eq!(answer.status, 400, "{}", answer.text),
            _ => {
                assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
                assert!(!answer.header("www-authenticate").is_empty(), "{method} {path}");
            }
        }
    }
}
