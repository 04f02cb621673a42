//! Changing one's password over Basic, and the throw-away accounts of a demo to try that on.

use crate::support::{ALICE, AUDITOR, Answer, BOB, CHLOE, TestApp, client};
use reqwest::Method;
use serde_json::{Value, json};

/// A new guest's name and password.
async fn guest(app: &TestApp) -> (String, String) {
    let answer = Answer::of(app.request(Method::POST, "/api/basic/guest").json(&json!({}))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    (answer.member("username"), answer.member("password"))
}

/// Another application that holds the name and password.
async fn profile(app: &TestApp, (username, password): (&str, &str)) -> Answer {
    let application = client(false);
    Answer::of(application.get(app.url("/api/basic/profile")).basic_auth(username, Some(password))).await
}

async fn change(app: &TestApp, (username, password): (&str, &str), new: &str) -> Answer {
    let call = app.request(Method::PUT, "/api/basic/password").basic_auth(username, Some(password));
    Answer::of(call.json(&json!({"password": new}))).await
}

async fn events(app: &TestApp) -> Answer {
    Answer::of(app.get("/api/basic/audit?limit=100").basic_auth(AUDITOR.0, Some(AUDITOR.1))).await
}

/// The outcomes and rules of the events of an action, newest first.
fn outcomes<'a>(events: &'a Answer, action: &str) -> Vec<(&'a str, &'a str, &'a str)> {
    let text = |event: &'a Value, member: &str| event[member].as_str().unwrap();
    let events = events.json.as_array().unwrap().iter().filter(|event| event["action"] == action);
    events.map(|event| (text(event, "outcome"), text(event, "rule"), text(event, "account"))).collect()
}

#[tokio::test]
async fn a_guest_may_read_and_nothing_more() {
    let app = TestApp::start().await;
    let (name, password) = guest(&app).await;
    assert!(name.starts_with("guest-") && password.len() >= 16, "{name}");
    let answer = profile(&app, (&name, &password)).await;
    assert_eq!((answer.member("username"), answer.member("role")), (name.clone(), "viewer".to_owned()));
    let page = json!({"slug": "mine", "title": "t", "body": "b", "version": 0});
    let write = app.request(Method::PUT, "/api/basic/page").basic_auth(&name, Some(&password)).json(&page);
    assert_eq!(Answer::of(write).await.member("check"), "role");
    assert_ne!(guest(&app).await.0, name, "each is another");
}

#[tokio::test]
async fn a_changed_password_locks_every_application_out_that_has_the_old_one() {
    let app = TestApp::start().await;
    let (name, old) = guest(&app).await;
    // Remembered, also for the other application.
    for _ in 0..2 {
        assert_eq!(profile(&app, (&name, &old)).await.status, 200);
    }
    let changed = change(&app, (&name, &old), "a better one").await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(profile(&app, (&name, &old)).await.status, 401, "at once");
    assert_eq!(profile(&app, (&name, "a better one")).await.status, 200);
    assert_eq!(change(&app, (&name, &old), "the thief's own").await.status, 401);
    let app = app.restart().await;
    assert_eq!(profile(&app, (&name, &old)).await.status, 401);
    assert_eq!(profile(&app, (&name, "a better one")).await.status, 200);
}

#[tokio::test]
async fn a_changed_password_ends_what_was_granted_to_applications() {
    let app = TestApp::start().await;
    let (name, old) = guest(&app).await;
    let tokens = app.tokens("three-keys-ui", "openid profile offline_access", (&name, &old)).await;
    assert_eq!(change(&app, (&name, &old), "a better one").await.status, 200);
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(app.refresh("three-keys-ui", refresh).await.error(), "invalid_grant");
    assert!(!app.is_active(refresh).await);
}

#[tokio::test]
async fn the_accounts_that_everybody_shares_stay_as_they_are() {
    let app = TestApp::start().await;
    for account in [ALICE, BOB, CHLOE] {
        let refused = change(&app, account, "mine alone now").await;
        assert_eq!((refused.status, refused.member("check").as_str()), (403, "shared_account"), "{}", account.0);
        assert_eq!(profile(&app, account).await.status, 200);
    }
    assert_eq!(change(&app, AUDITOR, "mine alone now").await.status, 401, "no account of this realm");
}

#[tokio::test]
async fn a_bad_password_is_refused_by_its_field() {
    let app = TestApp::start().await;
    let (name, password) = guest(&app).await;
    for bad in ["", "short", "with\ncontrol", &"a".repeat(1025)] {
        let refused = change(&app, (&name, &password), bad).await;
        assert_eq!((refused.status, refused.member("field").as_str()), (400, "password"), "{bad:?}");
    }
    let missing = app.request(Method::PUT, "/api/basic/password").basic_auth(&name, Some(&password)).json(&json!({}));
    assert_eq!(Answer::of(missing).await.member("field"), "password");
    assert_eq!(profile(&app, (&name, &password)).await.status, 200, "nothing has changed");
}

/// RFC 6585 §4
#[tokio::test]
async fn from_one_address_guests_and_changes_come_ten_a_minute() {
    let app = TestApp::start().await;
    let (name, mut password) = guest(&app).await;
    for _ in 1..10 {
        guest(&app).await;
    }
    for number in 0..10 {
        let new = format!("number {number}");
        assert_eq!(change(&app, (&name, &password), &new).await.status, 200);
        password = new;
    }
    let ask = |http: &reqwest::Client| Answer::of(http.post(app.url("/api/basic/guest")).json(&json!({})));
    app.clock.advance(59);
    for refused in [ask(&app.http).await, ask(&app.http).await, change(&app, (&name, &password), "once more").await] {
        assert_eq!((refused.status, refused.header("retry-after")), (429, "1"), "{}", refused.text);
        assert_eq!(refused.member("check"), "throttle");
    }
    assert_eq!(ask(&app.at_address(77)).await.status, 200, "another address is another count");
    app.clock.advance(1);
    assert_eq!(ask(&app.http).await.status, 200);
    assert_eq!(change(&app, (&name, &password), "once more").await.status, 200);

    let events = events(&app).await;
    let refused: Vec<_> =
        outcomes(&events, "guest").into_iter().filter(|(outcome, ..)| *outcome == "refused").collect();
    assert_eq!(refused, [("refused", "throttle", "")], "a flood is one line");
}

#[tokio::test]
async fn a_hundred_guests_are_kept_and_the_oldest_goes() {
    let app = TestApp::start().await;
    let first = guest(&app).await;
    let second = guest(&app).await;
    for number in 2..100 {
        if number % 10 == 0 {
            app.clock.advance(60);
        }
        guest(&app).await;
    }
    assert_eq!(profile(&app, (&first.0, &first.1)).await.status, 200);
    app.clock.advance(60);
    guest(&app).await;
    assert_eq!(profile(&app, (&first.0, &first.1)).await.status, 401, "though it was remembered");
    assert_eq!(profile(&app, (&second.0, &second.1)).await.status, 200);
}

#[tokio::test]
async fn outside_a_demo_there_are_no_guests() {
    let app = TestApp::start_with(|config| {
        config.issuer = Some("https://keys.example".to_owned());
        config.behind_proxy = true;
    })
    .await;
    let ask = |method, path: &str| {
        let call = app.http.request(method, format!("http://{}{path}", app.address())).header("host", "keys.example");
        Answer::of(call)
    };
    let unknown = ask(Method::POST, "/api/basic/nothing").await;
    for method in [Method::POST, Method::GET] {
        let answer = ask(method, "/api/basic/guest").await;
        assert_eq!((answer.status, &answer.text), (404, &unknown.text));
    }
}

#[tokio::test]
async fn the_audit_log_tells_who_and_what_became_of_it_and_no_password() {
    let app = TestApp::start().await;
    let (name, password) = guest(&app).await;
    change(&app, ALICE, "mine alone now").await;
    change(&app, (&name, "a wrong guess"), "a better one").await;
    assert_eq!(change(&app, (&name, &password), "a better one").await.status, 200);
    let events = events(&app).await;
    let expected =
        [("allowed", "", name.as_str()), ("refused", "password", ""), ("refused", "shared_account", "alice")];
    assert_eq!(outcomes(&events, "change_password"), expected);
    assert_eq!(outcomes(&events, "guest"), [("allowed", "", name.as_str())]);
    for secret in [password.as_str(), "a better one", "mine alone now", "a wrong guess"] {
        assert!(!events.text.contains(secret));
    }
}
