//! Signing in at the authorization server: checklist line 11.

use crate::support::{ALICE, Answer, TestApp, config};
use three_keys::clock::Clock;
use three_keys::host::config::Config;
use three_keys::host::server::start;

#[tokio::test]
async fn line_11_a_wrong_password_and_an_unknown_account_get_the_same_page() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.open(&app.authorization("native-app", "pages:read", &[])).await;
    let without_name = |text: &str, name: &str| text.replace(name, "NAME");
    let wrong = browser.sign_in(&page, ("alice", "wrong")).await;
    let unknown = browser.sign_in(&page, ("somebody", "wrong")).await;
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert_eq!(without_name(&wrong.text, "alice"), without_name(&unknown.text, "somebody"));
    assert!(!wrong.text.contains("wrong\""), "the password does not come back");
}

#[tokio::test]
async fn line_11_both_take_the_same_time() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.open(&app.authorization("native-app", "pages:read", &[])).await;
    let mut fastest = [u128::MAX; 2];
    for _ in 0..4 {
        for (place, name) in ["alice", "somebody"].into_iter().enumerate() {
            let before = std::time::Instant::now();
            browser.sign_in(&page, (name, "wrong")).await;
            fastest[place] = fastest[place].min(before.elapsed().as_micros());
        }
    }
    assert!(
        fastest[0] < fastest[1] * 2 && fastest[1] < fastest[0] * 2,
        "fastest of four, in microseconds: {fastest:?}"
    );
}

#[tokio::test]
async fn line_11_guessing_is_slowed_down_without_locking_the_owner_out() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.open(&app.authorization("native-app", "pages:read", &[])).await;
    for _ in 0..5 {
        assert_eq!(browser.sign_in(&page, ("alice", "guess")).await.status, 401);
    }
    let throttled = browser.sign_in(&page, ("alice", "guess")).await;
    assert_eq!(throttled.status, 429);
    assert_eq!(throttled.headers["retry-after"], "1");
    let other = browser.sign_in(&page, ("chloé", "crème-brûlée")).await;
    assert_eq!(other.status, 200, "another account at the same address is not held up");
    app.clock.advance(300);
    assert!(browser.sign_in(&page, ALICE).await.asks_for_consent());
}

#[tokio::test]
async fn a_session_is_made_anew_at_every_sign_in_and_its_cookie_is_out_of_reach() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.open(&app.authorization("native-app", "pages:read", &[("prompt", "login")])).await;
    let cookie = |page: &crate::support::Page| {
        let header = page.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap().to_owned());
        header.into_iter().find(|text| text.starts_with("three_keys_session=")).expect("a session cookie")
    };
    let first = cookie(&browser.sign_in(&page, ALICE).await);
    let second = cookie(&browser.sign_in(&page, ALICE).await);
    assert!(first.contains("HttpOnly") && first.contains("SameSite=Lax") && first.contains("Path=/"));
    assert_ne!(first.split(';').next(), second.split(';').next());
}

#[tokio::test]
async fn the_auditor_of_the_other_realm_cannot_sign_in_here() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.open(&app.authorization("native-app", "pages:read", &[])).await;
    assert_eq!(browser.sign_in(&page, ("auditor", "trust-but-verify")).await.status, 401);
}

/// RFC 6265bis §4.1.3.2
#[tokio::test]
async fn under_https_cookies_have_the_host_prefix_and_are_secure() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Some("https://keys.example".to_owned());
    let config = Config { issuer, demo: true, ..config(folder.path(), "127.0.0.1:0") };
    let server = start(config, Clock::system()).await.expect("a running server");
    let url = format!("http://{}/oauth/applications", server.address);
    let cookie = Answer::of(crate::support::client(false).get(url)).await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-three_keys_form="), "{cookie}");
    assert!(cookie.contains("; Secure") && cookie.contains("; Path=/;") && !cookie.contains("Domain"), "{cookie}");
    server.stop().await;
}
