//! Authorization apart from authentication: every operation × role × scope × key.

use crate::support::{ALICE, Answer, BOB, CHLOE, TestApp, basic};
use reqwest::Method;
use std::collections::BTreeMap;

/// Operation, scope it needs, and whether viewer, editor and admin may do it.
const TABLE: [(&str, &str, [bool; 3]); 6] = [
    ("profile", "profile", [true, true, true]),
    ("pages", "pages:read", [true, true, true]),
    ("read", "pages:read", [true, true, true]),
    ("write", "pages:write", [false, true, true]),
    ("delete", "pages:write", [false, false, true]),
    ("audit", "audit:read", [false, false, true]),
];
const ACCOUNTS: [(&str, &str); 3] = [BOB, CHLOE, ALICE];

/// Calls the operation on a page of its own; 404 and 409 mean that the guard let it through.
async fn call(app: &TestApp, key: &str, operation: &str, authorization: &str) -> u16 {
    let path = |rest: &str| format!("/api/{key}/{rest}");
    let request = match operation {
        "profile" => app.get(&path("profile")),
        "pages" => app.get(&path("pages")),
        "read" => app.get(&path("page?slug=welcome")),
        "write" => app
            .request(Method::PUT, &path("page"))
            .json(&serde_json::json!({"slug": "nowhere", "title": "t", "body": "b", "version": 7})),
        "delete" => app.request(Method::DELETE, &path("page?slug=nowhere&version=7")),
        "audit" => app.get(&path("audit?limit=1")),
        other => panic!("{other}"),
    };
    let status = Answer::of(request.header("authorization", authorization)).await.status;
    if status == 404 { 200 } else { status }
}

#[tokio::test]
async fn roles_decide_behind_basic_and_jwt() {
    let app = TestApp::start().await;
    for (place, account) in ACCOUNTS.into_iter().enumerate() {
        let by_basic = basic(account.0, account.1);
        let by_jwt = format!("Bearer {}", app.door_token(account).await);
        for (operation, _, allowed) in TABLE {
            let expected = if allowed[place] { 200 } else { 403 };
            assert_eq!(call(&app, "jwt", operation, &by_jwt).await, expected, "jwt {operation} {}", account.0);
            // The audit log has a realm of its own behind Basic, whose credentials these are not.
            let expected = if operation == "audit" { 401 } else { expected };
            assert_eq!(call(&app, "basic", operation, &by_basic).await, expected, "basic {operation} {}", account.0);
        }
    }
}

#[tokio::test]
async fn roles_and_scopes_must_both_allow_behind_oauth() {
    let app = TestApp::start().await;
    let all = ["profile", "pages:read", "pages:write", "audit:read"];
    for (place, account) in ACCOUNTS.into_iter().enumerate() {
        let mut tokens = BTreeMap::new();
        for scope in all {
            let token = app.tokens("three-keys-ui", scope, account).await["access_token"].as_str().unwrap().to_owned();
            tokens.insert(scope, format!("Bearer {token}"));
        }
        for (operation, needed, allowed) in TABLE {
            for scope in all {
                let expected = if scope == needed && allowed[place] { 200 } else { 403 };
                let status = call(&app, "oauth", operation, &tokens[scope]).await;
                assert_eq!(status, expected, "oauth {operation} {} {scope}", account.0);
            }
        }
    }
}
