//! Who calls, when a proxy says so, and when nobody may say so.

use crate::Running;
use three_keys::host::config::{Config, MetricsFor};

/// The caller's address decides who may read the numbers: that is how these tests see it.
async fn may_read_the_numbers(running: &Running, forwarded: &[&str]) -> bool {
    let host = format!("Host: {}", running.address);
    let lines = [&[host.as_str()], forwarded].concat();
    running.status("GET", "/metrics", &lines).await == "200"
}

#[tokio::test]
async fn without_a_proxy_the_header_is_ignored() {
    let running = Running::with(|config| config).await;
    assert!(may_read_the_numbers(&running, &["X-Forwarded-For: 192.0.2.7"]).await);
}

#[tokio::test]
async fn behind_a_proxy_its_own_entry_counts_and_claims_before_it_do_not() {
    let running = Running::with(|config| Config { behind_proxy: true, ..config }).await;
    assert!(!may_read_the_numbers(&running, &["X-Forwarded-For: 192.0.2.7"]).await);
    assert!(!may_read_the_numbers(&running, &["X-Forwarded-For: 127.0.0.1, 192.0.2.7"]).await);
    assert!(!may_read_the_numbers(&running, &["X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: 192.0.2.7"]).await);
    assert!(may_read_the_numbers(&running, &["X-Forwarded-For: 192.0.2.7, 127.0.0.1"]).await);
    assert!(may_read_the_numbers(&running, &[]).await, "the proxy itself, or a caller on this machine");
}

#[tokio::test]
async fn the_numbers_are_for_everyone_or_nobody_where_the_operator_says_so() {
    for (metrics, allowed) in [(MetricsFor::Everyone, true), (MetricsFor::Nobody, false)] {
        let running = Running::with(|config| Config { behind_proxy: true, metrics, ..config }).await;
        assert_eq!(may_read_the_numbers(&running, &["X-Forwarded-For: 192.0.2.7"]).await, allowed);
        assert_eq!(may_read_the_numbers(&running, &[]).await, allowed);
    }
}

#[tokio::test]
async fn one_callers_guessing_behind_a_proxy_does_not_slow_another_down() {
    let running = Running::with(|config| Config { behind_proxy: true, ..config }).await;
    let http = reqwest::Client::new();
    let try_it = async |from: &str, password: &str| {
        let url = format!("http://{}/api/basic/pages", running.address);
        let request = http.get(url).header("x-forwarded-for", from).basic_auth("alice", Some(password));
        request.send().await.unwrap().status().as_u16()
    };
    let mut refused = Vec::new();
    for _ in 0..12 {
        refused.push(try_it("10.9.9.9, 192.0.2.7", "wrong-password").await);
    }
    assert_eq!(refused[0], 401);
    assert_eq!(refused.last(), Some(&429), "{refused:?}");
    assert_eq!(try_it("10.9.9.9, 192.0.2.8", "wonderland").await, 200);
}
