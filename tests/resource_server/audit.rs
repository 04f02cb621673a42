//! The audit log: every key and the authorization server, each event with the request that its caller knows.

use crate::support::{ALICE, AUDITOR, Answer, BACKEND, BOB, TestApp, basic};
use reqwest::Method;
use serde_json::{Value, json};

async fn log(app: &TestApp, query: &str) -> Answer {
    Answer::of(app.get(&format!("/api/basic/audit{query}")).basic_auth(AUDITOR.0, Some(AUDITOR.1))).await
}

fn event_of<'a>(events: &'a [Value], answer: &Answer) -> &'a Value {
    let id = answer.header("x-request-id");
    assert!(!id.is_empty());
    let mut found = events.iter().filter(|event| event["request_id"] == id);
    let event = found.next().unwrap_or_else(|| panic!("no event of {id} in {events:?}"));
    assert!(found.next().is_none(), "two events of {id}");
    event
}

#[tokio::test]
async fn events_of_every_key_and_of_the_authorization_server_name_the_request_and_where_it_came_from() {
    let app = TestApp::start().await;
    let door = app.door_token(ALICE).await;
    let oauth = app.tokens("three-keys-ui", "pages:write", ALICE).await["access_token"].as_str().unwrap().to_owned();
    let page = |slug: &str| json!({"slug": slug, "title": "t", "body": "b", "version": 0});
    let put = |key: &str| app.request(Method::PUT, &format!("/api/{key}/page")).json(&page(&format!("by-{key}")));

    let cases = [
        (Answer::of(put("basic").basic_auth(ALICE.0, Some(ALICE.1))).await, "basic", "write_page", "alice", ""),
        (Answer::of(put("jwt").bearer_auth(&door)).await, "jwt", "write_page", "alice", ""),
        (Answer::of(put("oauth").bearer_auth(&oauth)).await, "oauth", "write_page", "alice", ""),
        (Answer::of(put("basic").basic_auth(BOB.0, Some(BOB.1))).await, "basic", "write_page", "bob", "role"),
        (app.bearer(Method::GET, "/api/oauth/profile", &oauth).await, "oauth", "view_profile", "alice", "scope"),
        (
            app.form_as(BACKEND, "/oauth/token", &[("grant_type", "client_credentials")]).await,
            "auth_server",
            "token",
            "backend",
            "",
        ),
        (
            app.form_as((BACKEND.0, "wrong"), "/oauth/token", &[("grant_type", "client_credentials")]).await,
            "auth_server",
            "token",
            "",
            "check_client",
        ),
    ];
    let log = log(&app, "?limit=100").await;
    let events = log.json.as_array().expect("a list").clone();
    for (answer, key, action, account, rule) in &cases {
        let event = event_of(&events, answer);
        let outcome = if rule.is_empty() { "allowed" } else { "refused" };
        for (member, expected) in [("key", key), ("action", action), ("rule", rule), ("outcome", &outcome)] {
            assert_eq!(event[member], **expected, "{event}");
        }
        // A client that acts for itself is named as the client.
        assert!(event["account"] == **account || event["client_id"] == **account, "{event}");
        assert_eq!(event["address"], "127.0.0.1", "{event}");
        assert_eq!(event["times"], 1, "{event}");
    }
    assert!(log.header("x-request-id") != cases[0].0.header("x-request-id"));
}

#[tokio::test]
async fn a_caller_cannot_choose_the_name_of_its_request() {
    let app = TestApp::start().await;
    let request = app.get("/api/basic/audit").header("x-request-id", "forged").basic_auth(BOB.0, Some(BOB.1));
    let answer = Answer::of(request).await;
    assert!(!answer.header("x-request-id").is_empty());
    assert!(!log(&app, "").await.text.contains("forged"));
}

#[tokio::test]
async fn what_is_typed_into_the_wrong_field_is_not_recorded() {
    let app = TestApp::start().await;
    let header = basic("hunter2-typed-as-a-name", "x");
    assert_eq!(Answer::of(app.get("/api/basic/pages").header("authorization", header)).await.status, 401);
    let sign_in = json!({"username": "hunter2-typed-as-a-name", "password": "x"});
    assert_eq!(Answer::of(app.request(Method::POST, "/api/jwt/sign_in").json(&sign_in)).await.status, 401);
    let fields =
        [("grant_type", "client_credentials"), ("client_id", "hunter2-typed-as-a-name"), ("client_secret", "x")];
    assert_eq!(app.form("/oauth/token", &fields).await.status, 401);
    let browser = app.browser();
    let page = browser.open("/oauth/applications").await;
    assert_eq!(browser.sign_in(&page, ("hunter2-typed-as-a-name", "x")).await.status, 401);
    let log = log(&app, "").await;
    assert!(log.json.as_array().expect("a list").len() >= 4, "{}", log.text);
    assert!(!log.text.contains("hunter2"), "{}", log.text);
}

#[tokio::test]
async fn the_log_is_read_page_by_page() {
    let app = TestApp::start().await;
    let token = app.door_token(ALICE).await;
    for slug in ["one", "two", "three"] {
        let page = json!({"slug": slug, "title": "t", "body": "b", "version": 0});
        Answer::of(app.request(Method::PUT, "/api/jwt/page").bearer_auth(&token).json(&page)).await;
    }
    let newest = log(&app, "?limit=2").await.json;
    let oldest_seen = newest[1]["id"].as_i64().expect("an id");
    let earlier = log(&app, &format!("?limit=2&before={oldest_seen}")).await.json;
    let ids: Vec<i64> = earlier.as_array().unwrap().iter().map(|event| event["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [oldest_seen - 1, oldest_seen - 2]);
    for (query, field) in
        [("?before=0", "before"), ("?before=x", "before"), ("?limit=x", "limit"), ("?limit=-1", "limit")]
    {
        let answer = log(&app, query).await;
        assert_eq!((answer.status, answer.member("field").as_str()), (400, field), "{query}");
    }
}
