//! A weaker token of the JWT door, to hand on (attenuation; RFC 8693 §1.1).

use crate::support::{ALICE, AUDITOR, Answer, BOB, DAWN, TestApp, claims};
use reqwest::Method;
use serde_json::{Value, json};

async fn try_narrow(app: &TestApp, token: &str, how: Value) -> Answer {
    Answer::of(app.request(Method::POST, "/api/jwt/narrow").bearer_auth(token).json(&how)).await
}

async fn narrow(app: &TestApp, token: &str, how: Value) -> String {
    let answer = try_narrow(app, token, how).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.member("token_type"), "Bearer");
    let token = answer.member("access_token");
    assert_eq!(answer.json["expires_in"].as_i64().unwrap(), claims(&token)["exp"].as_i64().unwrap() - app.clock.now());
    token
}

async fn profile(app: &TestApp, token: &str) -> Answer {
    app.bearer(Method::GET, "/api/jwt/profile", token).await
}

#[tokio::test]
async fn a_narrow_token_is_the_same_accounts_and_ends_when_it_says() {
    let app = TestApp::start().await;
    let wide = app.door_token(BOB).await;
    let token = narrow(&app, &wide, json!({"lifetime": 1})).await;
    assert_eq!(claims(&token)["exp"], DAWN + 1);
    let answer = profile(&app, &token).await;
    assert_eq!((answer.member("username"), answer.member("role")), ("bob".to_owned(), "viewer".to_owned()));
    app.clock.advance(1);
    let expired = profile(&app, &token).await;
    assert_eq!((expired.status, expired.member("check")), (401, "expiry".to_owned()));
    assert_eq!(profile(&app, &wide).await.status, 200, "the one that was shown goes on");
}

#[tokio::test]
async fn a_token_for_elsewhere_does_not_open_this_door() {
    let app = TestApp::start().await;
    let token = narrow(&app, &app.door_token(BOB).await, json!({"audience": "elsewhere"})).await;
    assert_eq!(claims(&token)["aud"], "urn:three-keys:elsewhere");
    let refused = profile(&app, &token).await;
    assert_eq!((refused.status, refused.member("check")), (401, "audience".to_owned()));
}

#[tokio::test]
async fn no_token_is_made_wider_again() {
    let app = TestApp::start().await;
    let wide = app.door_token(BOB).await;
    let short = narrow(&app, &wide, json!({"lifetime": 30})).await;
    app.clock.advance(10);
    for how in [json!({"lifetime": 900}), json!({}), json!({"lifetime": null, "audience": "door"})] {
        let again = narrow(&app, &short, how).await;
        assert_eq!(claims(&again)["exp"], DAWN + 30);
    }
    let elsewhere = narrow(&app, &wide, json!({"audience": "elsewhere"})).await;
    for how in [json!({"audience": "door"}), json!({"audience": "elsewhere"})] {
        let refused = try_narrow(&app, &elsewhere, how).await;
        assert_eq!((refused.status, refused.member("check")), (401, "audience".to_owned()));
    }
    let whole = narrow(&app, &wide, json!({})).await;
    assert_eq!(claims(&whole)["exp"], DAWN + 900, "also what is not narrowed at all");
    assert_ne!(claims(&whole)["jti"], claims(&wide)["jti"]);
}

/// Else who narrows a stolen token would have one that its owner cannot end.
#[tokio::test]
async fn a_narrow_token_ends_with_the_one_that_it_came_of_where_anybody_asks() {
    let app = TestApp::start().await;
    let revocable = |token: String| {
        let app = &app;
        async move { app.bearer(Method::GET, "/api/jwt_revocable/profile", &token).await }
    };
    let sign_out =
        |token: &str| Answer::of(app.request(Method::POST, "/api/jwt/sign_out").bearer_auth(token).json(&json!({})));
    let wide = app.door_token(BOB).await;
    let narrowed = narrow(&app, &wide, json!({})).await;
    let twice = narrow(&app, &narrowed, json!({})).await;
    assert_eq!(revocable(twice.clone()).await.status, 200);
    assert_eq!(sign_out(&narrowed).await.status, 200);
    let refused = revocable(twice).await;
    assert_eq!((refused.status, refused.member("check")), (401, "revocation".to_owned()));
    assert_eq!(revocable(wide.clone()).await.status, 200, "nor does it end the one above it");
    assert_eq!(sign_out(&wide).await.status, 200);
    // The stateless guard, which asks nobody, still makes one: it is as dead as what it came of.
    let late = narrow(&app, &wide, json!({})).await;
    assert_eq!(revocable(late).await.member("check"), "revocation");
}

#[tokio::test]
async fn narrowing_goes_so_deep_and_no_deeper() {
    let app = TestApp::start().await;
    let mut token = app.door_token(BOB).await;
    for _ in 0..4 {
        token = narrow(&app, &token, json!({})).await;
    }
    assert_eq!(try_narrow(&app, &token, json!({})).await.status, 400);
    assert_eq!(profile(&app, &token).await.status, 200);
}

#[tokio::test]
async fn bad_fields_are_refused_by_name_and_nobody_gets_one_without_a_token() {
    let app = TestApp::start().await;
    let token = app.door_token(ALICE).await;
    for (how, field) in [
        (json!({"lifetime": 0}), "lifetime"),
        (json!({"lifetime": -1}), "lifetime"),
        (json!({"lifetime": 901}), "lifetime"),
        (json!({"lifetime": i64::MAX}), "lifetime"),
        (json!({"lifetime": "9"}), "lifetime"),
        (json!({"audience": "everywhere"}), "audience"),
        (json!({"audience": ["door"]}), "audience"),
        (json!({"role": "admin"}), "role"),
    ] {
        let refused = try_narrow(&app, &token, how.clone()).await;
        assert_eq!((refused.status, refused.member("field").as_str()), (400, field), "{how}");
    }
    let nobody = Answer::of(app.request(Method::POST, "/api/jwt/narrow").json(&json!({}))).await;
    assert_eq!(nobody.status, 401);
    assert_eq!(nobody.header("www-authenticate"), r#"Bearer realm="Three Keys JWT""#);
}

#[tokio::test]
async fn the_audit_log_tells_who_has_one() {
    let app = TestApp::start().await;
    narrow(&app, &app.door_token(BOB).await, json!({})).await;
    let log = Answer::of(app.get("/api/basic/audit").basic_auth(AUDITOR.0, Some(AUDITOR.1))).await;
    let events = log.json.as_array().unwrap();
    let event = events.iter().find(|event| event["action"] == "narrow").expect("an event");
    assert_eq!(
        (&event["account"], &event["key"], &event["outcome"]),
        (&json!("bob"), &json!("jwt"), &json!("allowed"))
    );
}
