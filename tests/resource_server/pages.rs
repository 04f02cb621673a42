//! The wiki itself: versions, and the rules of each field. Any key would do; the JWT door is the fastest.

use crate::support::{ALICE, Answer, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

async fn put(app: &TestApp, token: &str, page: Value) -> Answer {
    Answer::of(app.request(Method::PUT, "/api/jwt/page").bearer_auth(token).json(&page)).await
}

#[tokio::test]
async fn a_page_lives_from_version_zero_to_its_end() {
    let app = TestApp::start().await;
    let token = app.door_token(ALICE).await;
    let page = |body: &str, version: i64| json!({"slug": "new", "title": "New", "body": body, "version": version});

    let created = put(&app, &token, page("one", 0)).await;
    assert_eq!((created.status, created.json["version"].as_i64()), (200, Some(1)));
    assert_eq!(created.member("edited_by"), "alice");
    assert_eq!(put(&app, &token, page("again", 0)).await.status, 409, "it exists already");
    assert_eq!(put(&app, &token, page("two", 1)).await.json["version"].as_i64(), Some(2));
    assert_eq!(put(&app, &token, page("late", 1)).await.status, 409, "the version is stale");
    let other = json!({"slug": "none", "title": "t", "body": "", "version": 3});
    assert_eq!(put(&app, &token, other).await.status, 404);

    let delete = |version: i64| app.request(Method::DELETE, &format!("/api/jwt/page?slug=new&version={version}"));
    assert_eq!(Answer::of(delete(1).bearer_auth(&token)).await.status, 409);
    assert_eq!(Answer::of(delete(2).bearer_auth(&token)).await.status, 200);
    assert_eq!(Answer::of(delete(2).bearer_auth(&token)).await.status, 404);
    assert_eq!(app.bearer(Method::GET, "/api/jwt/page?slug=new", &token).await.status, 404);
}

#[tokio::test]
async fn of_many_writers_of_one_version_exactly_one_wins() {
    let app = TestApp::start().await;
    let token = app.door_token(ALICE).await;
    let writes = (0..20).map(|number| {
        put(&app, &token, json!({"slug": "welcome", "title": "W", "body": number.to_string(), "version": 1}))
    });
    let statuses: Vec<u16> = futures::future::join_all(writes).await.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 19, "{statuses:?}");
}

#[tokio::test]
async fn a_field_that_breaks_its_rule_is_named() {
    let app = TestApp::start().await;
    let token = app.door_token(ALICE).await;
    let cases = [
        ("slug", json!({"slug": "Not A Slug", "title": "t", "body": "", "version": 0})),
        ("slug", json!({"slug": "a".repeat(65), "title": "t", "body": "", "version": 0})),
        ("title", json!({"slug": "s", "title": "", "body": "", "version": 0})),
        ("title", json!({"slug": "s", "title": "t".repeat(121), "body": "", "version": 0})),
        ("title", json!({"slug": "s", "title": "a\u{0}b", "body": "", "version": 0})),
        ("body", json!({"slug": "s", "title": "t", "body": "b".repeat(32 * 1024 + 1), "version": 0})),
        ("version", json!({"slug": "s", "title": "t", "body": "", "version": -1})),
    ];
    for (field, page) in cases {
        let answer = put(&app, &token, page).await;
        assert_eq!((answer.status, answer.member("field").as_str()), (400, field), "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    for limit in ["0", "501"] {
        let answer = app.bearer(Method::GET, &format!("/api/jwt/audit?limit={limit}"), &token).await;
        assert_eq!((answer.status, answer.member("field").as_str()), (400, "limit"));
    }
}

#[tokio::test]
async fn the_audit_log_tells_who_did_what_and_which_check_refused() {
    let app = TestApp::start().await;
    let token = app.door_token(ALICE).await;
    put(&app, &token, json!({"slug": "seen", "title": "Seen", "body": "", "version": 0})).await;
    app.bearer(Method::GET, "/api/jwt/pages", "not.a.token").await;
    let log = app.bearer(Method::GET, "/api/jwt/audit?limit=10", &token).await;
    let events = log.json.as_array().expect("a list").clone();
    let has = |account: &str, action: &str, outcome: &str, rule: &str| {
        events.iter().any(|event| {
            event["account"] == account
                && event["action"] == action
                && event["outcome"] == outcome
                && event["rule"] == rule
        })
    };
    assert!(has("alice", "sign_in", "allowed", ""), "{}", log.text);
    assert!(has("alice", "write_page", "allowed", ""), "{}", log.text);
    assert!(has("", "read_pages", "refused", "well_formed"), "{}", log.text);
    assert!(!log.text.contains(&token) && !log.text.contains("wonderland"));
}
