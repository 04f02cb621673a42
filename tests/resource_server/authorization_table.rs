//! Authorization apart from authentication: every operation × role × scope × key.

use crate::support::{ALICE, AUDITOR, Answer, BACKEND, BOB, CHLOE, TestApp, basic};
use reqwest::Method;

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
    // Every set of scopes there is, the one that only signs people in included.
    let sets: Vec<Vec<&str>> = (0..16_u8)
        .map(|bits| (0..4).filter(|place| bits & (1 << place) != 0).map(|place| all[place]).collect())
        .collect();
    for (place, account) in ACCOUNTS.into_iter().enumerate() {
        for set in &sets {
            let scope = format!("openid {}", set.join(" "));
            let tokens = app.tokens("three-keys-ui", scope.trim(), account).await;
            let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
            for (operation, needed, allowed) in TABLE {
                let expected = if set.contains(&needed) && allowed[place] { 200 } else { 403 };
                let status = call(&app, "oauth", operation, &token).await;
                assert_eq!(status, expected, "oauth {operation} {} {scope}", account.0);
            }
        }
    }
}

/// The role of an application that acts for itself is its own: here an editor's.
#[tokio::test]
async fn a_client_that_acts_for_itself_has_a_role_too() {
    let app = TestApp::start().await;
    for scope in ["pages:read", "pages:write", "profile"] {
        let fields = [("grant_type", "client_credentials"), ("scope", scope)];
        let token = app.form_as(BACKEND, "/oauth/token", &fields).await.member("access_token");
        for (operation, needed, [_, editor, _]) in TABLE {
            let expected = if scope == needed && editor { 200 } else { 403 };
            assert_eq!(
                call(&app, "oauth", operation, &format!("Bearer {token}")).await,
                expected,
                "{operation} {scope}"
            );
        }
    }
}

/// The Basic realm of the audit log has an account of its own, and that account nothing else.
#[tokio::test]
async fn the_auditor_opens_the_audit_log_behind_basic_and_nothing_else() {
    let app = TestApp::start().await;
    let auditor = basic(AUDITOR.0, AUDITOR.1);
    for (operation, ..) in TABLE {
        let expected = if operation == "audit" { 200 } else { 401 };
        assert_eq!(call(&app, "basic", operation, &auditor).await, expected, "{operation}");
    }
    // So that the throttle forgets those refusals.
    app.clock.advance(900);
    let fields = serde_json::json!({"username": AUDITOR.0, "password": AUDITOR.1});
    let sign_in = app.request(Method::POST, "/api/jwt/sign_in").json(&fields);
    assert_eq!(Answer::of(sign_in).await.status, 401, "there is no such account at the other doors");
}
