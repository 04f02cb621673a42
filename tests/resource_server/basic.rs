//! HTTP Basic (RFC 7617), checklist lines 33 to 35.

use crate::support::{ALICE, AUDITOR, Answer, BOB, CHLOE, TestApp, basic};
use reqwest::Method;

const PAGES: &str = r#"Basic realm="Three Keys pages", charset="UTF-8""#;
const AUDIT: &str = r#"Basic realm="Three Keys audit", charset="UTF-8""#;

async fn with(app: &TestApp, path: &str, authorization: &str) -> Answer {
    Answer::of(app.get(path).header("authorization", authorization)).await
}

/// RFC 7617 §2 and §2.1
#[tokio::test]
async fn line_33_the_challenge_names_the_realm_and_the_charset() {
    let app = TestApp::start().await;
    let answer = Answer::of(app.get("/api/basic/pages")).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, PAGES));
    let answer = Answer::of(app.get("/api/basic/audit")).await;
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, AUDIT));
}

/// RFC 7617 §2
#[tokio::test]
async fn line_33_the_first_colon_splits_and_utf8_accounts_work() {
    let app = TestApp::start().await;
    for (username, password) in [ALICE, BOB, CHLOE] {
        let answer = with(&app, "/api/basic/profile", &basic(username, password)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.member("username"), username);
    }
    // The same letters, written with combining accents.
    let decomposed =
        with(&app, "/api/basic/profile", &basic("chloe\u{301}", "cre\u{300}me-bru\u{302}le\u{301}e")).await;
    assert_eq!(decomposed.status, 200);
}

/// RFC 7617 §2
#[tokio::test]
async fn line_33_control_characters_are_refused() {
    let app = TestApp::start().await;
    for (username, password) in [("alice\0", "wonderland"), ("alice", "wonder\nland"), ("al\u{7f}ice", "wonderland")] {
        assert_eq!(with(&app, "/api/basic/profile", &basic(username, password)).await.status, 401);
    }
}

/// RFC 9110 §11.1
#[tokio::test]
async fn the_scheme_name_is_case_insensitive() {
    let app = TestApp::start().await;
    let header = basic("bob", "open:sesame").replacen("Basic", "bAsIC", 1);
    assert_eq!(with(&app, "/api/basic/profile", &header).await.status, 200);
}

#[tokio::test]
async fn line_34_whatever_is_wrong_the_refusal_is_the_same() {
    let app = TestApp::start().await;
    let wrong = with(&app, "/api/basic/profile", &basic("alice", "wrong")).await;
    assert_eq!(wrong.status, 401);
    let long = format!("Basic {}", "QUFB".repeat(4 * 1024));
    for header in [
        basic("nobody", "wonderland"),
        basic("", ""),
        "Basic !!!!".to_owned(),
        "Basic".to_owned(),
        "Basic YWxpY2U=".to_owned(),
        "Basic /////w==".to_owned(),
        long,
    ] {
        let answer = with(&app, "/api/basic/profile", &header).await;
        // So that the throttle, which counts them all, forgets.
        app.clock.advance(900);
        let shown: String = header.chars().take(40).collect();
        assert_eq!(answer.status, 401, "{shown}");
        assert_eq!(answer.text, wrong.text, "{shown}");
        assert_eq!(answer.header("www-authenticate"), PAGES, "{shown}");
    }
}

/// Not a stopwatch, which a busy machine would break: an unknown account must cost a hash too, which takes many times
/// as long as a refusal without one.
#[tokio::test]
async fn line_34_an_unknown_account_costs_as_much_as_a_wrong_password() {
    let app = TestApp::start().await;
    let mut fastest = [u128::MAX; 3];
    for _ in 0..7 {
        // So that the throttle forgets: a refusal without a hash is what this must not measure.
        app.clock.advance(900);
        for (place, header) in
            [basic("alice", "wrong"), basic("nobody", "wrong"), "Basic !!!!".into()].iter().enumerate()
        {
            let before = std::time::Instant::now();
            assert_eq!(with(&app, "/api/basic/profile", header).await.status, 401);
            fastest[place] = fastest[place].min(before.elapsed().as_micros());
        }
    }
    let (least, most) = (fastest.iter().min().unwrap(), fastest.iter().max().unwrap());
    assert!(*most < least * 2, "fastest of seven, in microseconds: {fastest:?}");
}

/// RFC 7617 §2
#[tokio::test]
async fn line_35_the_credentials_of_one_realm_do_not_open_the_other() {
    let app = TestApp::start().await;
    let auditor = basic(AUDITOR.0, AUDITOR.1);
    assert_eq!(with(&app, "/api/basic/audit", &auditor).await.status, 200);
    for path in ["/api/basic/pages", "/api/basic/profile", "/api/basic/page?slug=welcome"] {
        let answer = with(&app, path, &auditor).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, PAGES));
    }
    let alice = with(&app, "/api/basic/audit", &basic(ALICE.0, ALICE.1)).await;
    assert_eq!((alice.status, alice.header("www-authenticate")), (401, AUDIT));
}

#[tokio::test]
async fn a_viewer_who_writes_gets_403_and_an_admin_is_read_back_also_after_a_restart() {
    let app = TestApp::start().await;
    let change = serde_json::json!({"slug": "welcome", "title": "Welcome", "body": "Changed.", "version": 1});
    let put = |app: &TestApp, (username, password): (&str, &str)| {
        app.request(Method::PUT, "/api/basic/page").basic_auth(username, Some(password)).json(&change)
    };
    let refused = Answer::of(put(&app, BOB)).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused.member("check"), "role");
    let changed = Answer::of(put(&app, ALICE)).await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    let app = app.restart().await;
    let read = Answer::of(app.get("/api/basic/page?slug=welcome").basic_auth(BOB.0, Some(BOB.1))).await;
    assert_eq!((read.member("body"), read.json["version"].as_i64()), ("Changed.".to_owned(), Some(2)));
}

async fn guess(app: &TestApp, count: usize) -> Vec<u16> {
    let mut statuses = Vec::new();
    for number in 0..count {
        statuses.push(with(app, "/api/basic/profile", &basic("bob", &format!("guess {number}"))).await.status);
    }
    statuses
}

/// RFC 6585 §4
#[tokio::test]
async fn guessing_is_throttled_and_the_answer_says_how_long_to_wait() {
    let app = TestApp::start().await;
    assert_eq!(guess(&app, 7).await, [401, 401, 401, 401, 401, 429, 429]);
    let throttled = with(&app, "/api/basic/profile", &basic(BOB.0, BOB.1)).await;
    assert_eq!((throttled.status, throttled.header("retry-after")), (429, "1"));
    assert_eq!(throttled.header("content-type"), "application/problem+json");
    assert_eq!(throttled.member("check"), "throttle");
    app.clock.advance(1);
    assert_eq!(with(&app, "/api/basic/profile", &basic(BOB.0, BOB.1)).await.status, 200, "when the wait is over");
}

#[tokio::test]
async fn guessing_from_one_address_leaves_the_owner_at_another_alone() {
    let app = TestApp::start().await;
    let guesser = app.at_address(66);
    for number in 0..40 {
        let call = guesser.get(app.url("/api/basic/profile")).basic_auth("bob", Some(format!("guess {number}")));
        Answer::of(call).await;
    }
    let last = Answer::of(guesser.get(app.url("/api/basic/profile")).basic_auth("bob", Some("guess"))).await;
    assert_eq!(last.status, 429);
    assert_eq!(with(&app, "/api/basic/profile", &basic(BOB.0, BOB.1)).await.status, 200);
}

#[tokio::test]
async fn an_owner_who_was_let_in_before_is_not_locked_out_by_a_guesser_behind_the_same_address() {
    let app = TestApp::start().await;
    assert_eq!(with(&app, "/api/basic/profile", &basic(BOB.0, BOB.1)).await.status, 200);
    assert_eq!(guess(&app, 20).await.last(), Some(&429));
    assert_eq!(with(&app, "/api/basic/profile", &basic(BOB.0, BOB.1)).await.status, 200);
}

#[tokio::test]
async fn guesses_sent_all_at_once_are_counted_before_they_have_failed() {
    let app = TestApp::start().await;
    let guesses = (0..50)
        .map(|number| Answer::of(app.get("/api/basic/profile").basic_auth("bob", Some(format!("guess {number}")))));
    let answers = futures::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 401).count(), 5, "only these were looked at");
    assert_eq!(answers.iter().filter(|answer| answer.status == 429).count(), 45);
}

#[tokio::test]
async fn many_first_calls_at_once_with_the_right_password_are_all_let_in() {
    let app = TestApp::start().await;
    let calls = (0..50).map(|_| Answer::of(app.get("/api/basic/pages").basic_auth(BOB.0, Some(BOB.1))));
    let answers = futures::future::join_all(calls).await;
    assert!(answers.iter().all(|answer| answer.status == 200));
}
