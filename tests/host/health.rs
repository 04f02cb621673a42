//! `/healthz`, `/readyz`, `/metrics`, and the line in the log.

use crate::support::{Answer, BOB, TestApp};

#[tokio::test]
async fn a_running_server_is_alive_and_ready() {
    let app = TestApp::start().await;
    for (path, words) in [("/healthz", "alive\n"), ("/readyz", "ready\n")] {
        let answer = Answer::of(app.get(path)).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, words));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn the_numbers_tell_routes_and_statuses_and_no_path_or_name_that_a_caller_chose() {
    let app = TestApp::start().await;
    Answer::of(app.get("/api/basic/page?slug=welcome").basic_auth(BOB.0, Some(BOB.1))).await;
    Answer::of(app.get("/a-path-that-a-caller-chose")).await;
    Answer::of(app.request(reqwest::Method::from_bytes(b"INVENTED").unwrap(), "/oauth/jwks")).await;
    let numbers = Answer::of(app.get("/metrics")).await;
    assert_eq!(numbers.status, 200);
    assert!(numbers.header("content-type").starts_with("text/plain; version=0.0.4"));
    let has = |parts: &[&str]| numbers.text.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    let requests = "three_keys_requests_total{";
    assert!(has(&[requests, "route=\"/api/basic/page\"", "status=\"200\"", "method=\"GET\""]), "{}", numbers.text);
    assert!(has(&[requests, "route=\"none\"", "status=\"404\""]), "{}", numbers.text);
    assert!(has(&[requests, "route=\"/oauth/jwks\"", "status=\"405\"", "method=\"other\""]), "{}", numbers.text);
    assert!(has(&["three_keys_request_duration_seconds_bucket", "le="]), "{}", numbers.text);
    assert!(has(&["three_keys_connections_open"]) && has(&["three_keys_connections_total", "accepted"]));
    for chosen in ["a-path-that-a-caller-chose", "INVENTED", "slug=welcome", "bob"] {
        assert!(!numbers.text.contains(chosen), "{chosen}");
    }
}

#[tokio::test]
async fn a_refusal_is_counted_by_the_check_that_refused() {
    let app = TestApp::start().await;
    Answer::of(app.get("/api/oauth/pages").bearer_auth("no.good.token")).await;
    let numbers = Answer::of(app.get("/metrics")).await.text;
    let has = |parts: &[&str]| numbers.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(has(&["three_keys_refusals_total{", "key=\"oauth\"", "check="]), "{numbers}");
}
