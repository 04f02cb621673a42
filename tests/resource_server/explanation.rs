//! The server explains itself, where it is asked to and may (RFC 7240).

use crate::support::{ALICE, Answer, BOB, TestApp, basic};
use reqwest::Method;
use three_keys::wire::trace::{CheckTrace, Outcome, Source, parse};

/// The explanation of an answer, if there is one.
fn explanation(answer: &Answer) -> Option<Vec<CheckTrace>> {
    let lines: Vec<&str> = answer.headers.get_all("guard-checks").iter().map(|line| line.to_str().unwrap()).collect();
    if lines.is_empty() { None } else { parse(&lines.join(", ")) }
}

async fn explained(app: &TestApp, path: &str, authorization: &str) -> (Answer, Vec<CheckTrace>) {
    let call = app.get(path).header("prefer", "explain").header("authorization", authorization);
    let answer = Answer::of(call).await;
    let explanation = explanation(&answer).expect("an explanation");
    (answer, explanation)
}

fn names(checks: &[CheckTrace]) -> Vec<&str> {
    checks.iter().map(|check| check.check.as_str()).collect()
}

fn outcome_of(checks: &[CheckTrace], name: &str) -> Outcome {
    checks.iter().find(|check| check.check == name).expect("a check of that name").outcome
}

#[tokio::test]
async fn every_guard_tells_its_checks_in_their_order() {
    let app = TestApp::start().await;
    let token = ["well_formed", "critical_headers", "own_key", "key", "algorithm", "signature", "type", "claims"];
    let rest = ["issuer", "audience", "expiry", "not_before"];
    let jwt = [&["credentials"][..], &token, &rest, &["role"]].concat();
    let revocable = [&["credentials"][..], &token, &rest, &["revocation", "role"]].concat();
    let oauth = [&["credentials"][..], &token, &rest, &["revocation", "dpop_binding", "scope", "role"]].concat();
    let door = format!("Bearer {}", app.door_token(BOB).await);
    let access = app.tokens("three-keys-ui", "profile", BOB).await["access_token"].as_str().unwrap().to_owned();
    let cases = [
        ("/api/basic/profile", basic(BOB.0, BOB.1), vec!["credentials", "well_formed", "throttle", "password", "role"]),
        ("/api/jwt/profile", door.clone(), jwt),
        ("/api/jwt_revocable/profile", door, revocable),
        ("/api/oauth/profile", format!("Bearer {access}"), oauth),
    ];
    for (path, authorization, expected) in cases {
        let (answer, checks) = explained(&app, path, &authorization).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert_eq!(names(&checks), expected, "{path}");
        for check in &checks {
            assert!(matches!(check.outcome, Outcome::Passed | Outcome::Remembered), "{path} {check:?}");
            assert!(matches!(&check.source, Source::Rfc { rfc: 2000.., section } if !section.is_empty()), "{check:?}");
        }
        assert_eq!(answer.header("preference-applied"), "explain");
        let timing = answer.header("server-timing").strip_prefix("guard;dur=").expect("the guard's time");
        let told: f64 = checks.iter().map(|check| check.microseconds).sum();
        let whole: f64 = timing.parse().unwrap();
        assert!((whole * 1000.0 - told).abs() < 1.0, "{timing} ms against {told} µs");
    }
}

#[tokio::test]
async fn after_the_check_that_refused_none_was_reached() {
    let app = TestApp::start().await;
    let token = app.door_token(BOB).await;
    app.clock.advance(900);
    let (answer, checks) = explained(&app, "/api/jwt/profile", &format!("Bearer {token}")).await;
    assert_eq!(answer.status, 401);
    let place = checks.iter().position(|check| check.check == "expiry").unwrap();
    assert_eq!(checks[place].outcome, Outcome::Refused);
    assert!(checks[..place].iter().all(|check| check.outcome == Outcome::Passed));
    assert!(checks[place + 1..].iter().all(|check| check.outcome == Outcome::NotReached));

    let (answer, checks) = explained(&app, "/api/basic/profile", "Basic !!!").await;
    assert_eq!((answer.status, answer.member("check")), (401, "password".to_owned()));
    assert_eq!(outcome_of(&checks, "well_formed"), Outcome::Refused);
    let (_, checks) = explained(&app, "/api/basic/profile", &basic("bob", "wrong")).await;
    assert_eq!(outcome_of(&checks, "password"), Outcome::Refused);
}

#[tokio::test]
async fn no_guard_does_the_same_slow_work_twice_in_a_row() {
    let app = TestApp::start().await;
    let access = app.tokens("three-keys-ui", "profile", BOB).await["access_token"].as_str().unwrap().to_owned();
    let cases = [
        ("/api/basic/profile", basic(BOB.0, BOB.1), "password"),
        ("/api/jwt/profile", format!("Bearer {}", app.door_token(BOB).await), "signature"),
        ("/api/oauth/profile", format!("Bearer {access}"), "signature"),
    ];
    for (path, authorization, slow) in cases {
        let (_, first) = explained(&app, path, &authorization).await;
        assert_eq!(outcome_of(&first, slow), Outcome::Passed, "{path}");
        let (_, second) = explained(&app, path, &authorization).await;
        assert_eq!(outcome_of(&second, slow), Outcome::Remembered, "{path}");
    }
}

#[tokio::test]
async fn a_bound_token_has_the_checks_of_its_proof_told_too() {
    let app = TestApp::start().await;
    let token = app.tokens("three-keys-ui", "profile", BOB).await["access_token"].as_str().unwrap().to_owned();
    let (_, checks) = explained(&app, "/api/oauth/profile", &format!("DPoP {token}")).await;
    assert!(names(&checks).contains(&"dpop_replay"));
    assert_eq!(outcome_of(&checks, "dpop_binding"), Outcome::Refused, "this one is not bound");
}

#[tokio::test]
async fn who_does_not_ask_is_told_nothing() {
    let app = TestApp::start().await;
    let answer = Answer::of(app.get("/api/basic/profile").basic_auth(ALICE.0, Some(ALICE.1))).await;
    assert_eq!(answer.status, 200);
    for name in ["guard-checks", "server-timing", "preference-applied"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
    assert_eq!(explanation(&answer), None);
}

#[tokio::test]
async fn outside_a_demo_nobody_is_told_anything() {
    let app = TestApp::start_with(|config| {
        config.issuer = Some("https://keys.example".to_owned());
        config.behind_proxy = true;
    })
    .await;
    let address = app.address();
    let call = app.http.request(Method::GET, format!("http://{address}/api/basic/profile"));
    let call = call.header("host", "keys.example").header("prefer", "explain").basic_auth("a", Some("b"));
    let answer = Answer::of(call).await;
    assert_eq!(answer.status, 401, "{}", answer.text);
    for name in ["guard-checks", "server-timing", "preference-applied"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
}
