//! Many at once: a code and a refresh token are single, whoever comes first.

use crate::support::{ALICE, Answer, TestApp, redemption};
use futures::future::join_all;

const CALLS: usize = 50;
const ROUNDS: usize = 20;

/// RFC 6749 §4.1.2: checklist line 15
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn line_15_of_50_parallel_redemptions_exactly_one_succeeds_and_what_it_got_is_revoked() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.walk(&app.authorization("native-app", "offline_access pages:read", &[]), ALICE, "allow").await;
    for round in 0..ROUNDS {
        let back = browser.open(&app.authorization("native-app", "offline_access pages:read", &[])).await.location();
        let code = crate::support::parameter(&back.expect("a redirect"), "code").expect("a code");
        let fields = redemption(&code);
        let answers = join_all((0..CALLS).map(|_| app.form("/oauth/token", &fields))).await;
        let (good, bad): (Vec<&Answer>, Vec<&Answer>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!(good.len(), 1, "round {round}");
        assert!(bad.iter().all(|answer| (answer.status, answer.error()) == (400, "invalid_grant")), "round {round}");
        // The others were second uses, so by now the family is dead: at most one lives, here none.
        assert!(!app.is_active(&good[0].member("refresh_token")).await, "round {round}");
    }
}

/// RFC 9700 §4.14.2: checklist lines 21 and 22
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn line_22_of_50_parallel_refreshes_all_get_the_one_living_successor() {
    let app = TestApp::start().await;
    let tokens = app.tokens("native-app", "offline_access pages:read", ALICE).await;
    let mut token = tokens["refresh_token"].as_str().unwrap().to_owned();
    for round in 0..ROUNDS {
        let answers = join_all((0..CALLS).map(|_| app.refresh("native-app", &token))).await;
        let first = &answers[0];
        assert_eq!(first.status, 200, "round {round}: {}", first.text);
        assert!(answers.iter().all(|answer| answer.json == first.json), "round {round}: one answer for all");
        let successor = first.member("refresh_token");
        assert!(app.is_active(&successor).await && !app.is_active(&token).await, "round {round}");
        token = successor;
    }
}
