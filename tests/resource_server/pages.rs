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
    for (field, body) in [
        ("slug", r#"{"slug":1,"title":"t","body":"","version":0}"#),
        ("title", r#"{"slug":"s","body":"","version":0}"#),
        ("title", r#"{"slug":"s","title":"a\u202eb","body":"","version":0}"#),
        ("body", r#"{"slug":"s","title":"t","body":["b"],"version":0}"#),
        ("body", r#"{"slug":"s","title":"t","body":"","body":"","version":0}"#),
        ("version", r#"{"slug":"s","title":"t","body":"","version":"0"}"#),
        ("version", r#"{"slug":"s","title":"t","body":"","version":0.5}"#),
        ("author", r#"{"slug":"s","title":"t","body":"","version":0,"author":"me"}"#),
    ] {
        let request = app.request(Method::PUT, "/api/jwt/page").bearer_auth(&token);
        let answer = Answer::of(request.header("content-type", "application/json").body(body)).await;
        assert_eq!((answer.status, answer.member("field").as_str()), (400, field), "{body}: {}", answer.text);
    }
    for (method, query, field) in [
        (Method::GET, "", "slug"),
        (Method::GET, "?slug=a&slug=a", "slug"),
        (Method::GET, "?slug=%ff", "slug"),
        (Method::DELETE, "?slug=a", "version"),
        (Method::DELETE, "?slug=a&version=x", "version"),
        (Method::DELETE, "?version=1", "slug"),
    ] {
        let answer = app.bearer(method.clone(), &format!("/api/jwt/page{query}"), &token).await;
        assert_eq!((answer.status, answer.member("field").as_str()), (400, field), "{method} {query}");
    }
    for (field, body) in [
        ("username", r#"{"password":"x"}"#.to_owned()),
        ("password", r#"{"username":"x","password":7}"#.to_owned()),
        ("username", format!(r#"{{"username":"{}","password":"x"}}"#, "u".repeat(129))),
        ("password", format!(r#"{{"username":"u","password":"{}"}}"#, "p".repeat(1025))),
    ] {
        let request = app.request(Method::POST, "/api/jwt/sign_in").header("content-type", "application/json");
        let answer = Answer::of(request.body(body)).await;
        assert_eq!((answer.status, answer.member("field").as_str()), (400, field), "{}", answer.text);
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

/// Anything at all, as a body and as a query: an answer with a status below 500, a problem document where it is refused.
#[tokio::test]
async fn no_input_whatever_is_a_server_error() {
    use proptest::prelude::*;
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::{Config, TestRunner};

    let app = TestApp::start().await;
    let token = app.door_token(ALICE).await;
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let value = prop_oneof![
        Just("null".to_owned()),
        Just("-1".to_owned()),
        Just("9223372036854775807".to_owned()),
        Just("1e999".to_owned()),
        Just("[]".to_owned()),
        Just("{\"a\":{}}".to_owned()),
        Just("\"\\u0000\"".to_owned()),
        Just("\"a-b\"".to_owned()),
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| json!(number).to_string()),
    ];
    let name = prop_oneof![Just("slug"), Just("title"), Just("body"), Just("version"), Just("limit"), Just("\\u0000")];
    let object = proptest::collection::vec((name, value), 0..6).prop_map(|members| {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(",")).into_bytes()
    });
    let body = prop_oneof![object, proptest::collection::vec(any::<u8>(), 0..200)];
    let query = prop_oneof![
        "(slug|version|limit|before|%00)=[-0-9a-z%+&=;]{0,20}(&(slug|version)=[-0-9a-z%]{0,9}){0,3}",
        "[!-\"$-~]{0,60}",
    ];
    for _ in 0..200 {
        let body = body.new_tree(&mut runner).unwrap().current();
        let query = query.new_tree(&mut runner).unwrap().current();
        let put = app.request(Method::PUT, "/api/jwt/page").bearer_auth(&token);
        let put = put.header("content-type", "application/json").body(body.clone());
        let delete = app.request(Method::DELETE, &format!("/api/jwt/page?{query}")).bearer_auth(&token);
        let get = app.get(&format!("/api/jwt/audit?{query}")).bearer_auth(&token);
        for request in [put, delete, get] {
            let answer = Answer::of(request).await;
            assert!(
                answer.status < 500,
                "{} {:?} {query}: {}",
                answer.status,
                String::from_utf8_lossy(&body),
                answer.text
            );
            assert!(answer.status == 200 || answer.header("content-type") == "application/problem+json");
        }
    }
}
