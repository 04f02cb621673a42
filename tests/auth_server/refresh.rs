//! Refresh tokens: checklist lines 21 and 22 (RFC 9700 §4.14.2).

use crate::support::{ALICE, BACKEND, BACKEND_OTHER, TestApp, claims};

const DAY: i64 = 24 * 3600;

async fn family(app: &TestApp) -> String {
    app.tokens("native-app", "openid offline_access pages:read", ALICE).await["refresh_token"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn line_21_a_refresh_token_is_replaced_and_its_reuse_kills_the_family() {
    let app = TestApp::start().await;
    let first = family(&app).await;
    let answer = app.refresh("native-app", &first).await;
    let (second, access) = (answer.member("refresh_token"), answer.member("access_token"));
    assert_ne!(first, second);
    app.clock.advance(11);
    let reused = app.refresh("native-app", &first).await;
    assert_eq!((reused.status, reused.error()), (400, "invalid_grant"));
    assert_eq!(app.refresh("native-app", &second).await.error(), "invalid_grant", "the family is dead");
    assert!(!app.is_active(&access).await);
}

#[tokio::test]
async fn line_21_a_refresh_token_is_bound_to_its_client() {
    let app = TestApp::start().await;
    let token = family(&app).await;
    let stolen = app.refresh("three-keys-ui", &token).await;
    assert_eq!((stolen.status, stolen.error()), (400, "invalid_grant"));
    assert_eq!(app.refresh("native-app", &token).await.status, 200, "and the theft harmed nobody");

    let tokens = app.tokens("backend", "offline_access pages:read", ALICE).await;
    let token = tokens["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
    assert_eq!(app.form_as(BACKEND_OTHER, "/oauth/token", &fields).await.error(), "invalid_grant");
    assert_eq!(app.form_as(BACKEND, "/oauth/token", &fields).await.status, 200);
}

#[tokio::test]
async fn line_21_an_idle_token_ends_after_two_weeks() {
    let app = TestApp::start().await;
    let token = family(&app).await;
    app.clock.advance(14 * DAY);
    assert_eq!(app.refresh("native-app", &token).await.error(), "invalid_grant");
    let token = family(&app).await;
    app.clock.advance(14 * DAY - 1);
    assert_eq!(app.refresh("native-app", &token).await.status, 200);
}

#[tokio::test]
async fn line_21_rotation_does_not_move_the_final_end_of_a_family() {
    let app = TestApp::start().await;
    let mut token = family(&app).await;
    for _ in 0..8 {
        app.clock.advance(10 * DAY);
        token = app.refresh("native-app", &token).await.member("refresh_token");
    }
    app.clock.advance(10 * DAY - 1);
    token = app.refresh("native-app", &token).await.member("refresh_token");
    app.clock.advance(1);
    assert_eq!(app.refresh("native-app", &token).await.error(), "invalid_grant", "ninety days after the first");
}

#[tokio::test]
async fn line_22_a_lost_response_may_be_asked_for_again_within_seconds() {
    let app = TestApp::start().await;
    let first = family(&app).await;
    let answer = app.refresh("native-app", &first).await;
    app.clock.advance(10);
    let again = app.refresh("native-app", &first).await;
    assert_eq!((again.status, &again.json), (200, &answer.json), "the same answer, to the letter");
    let third = app.refresh("native-app", &answer.member("refresh_token")).await;
    assert_eq!(third.status, 200, "the family lives");
}

#[tokio::test]
async fn line_22_once_the_successor_was_used_the_old_token_is_a_theft_even_within_seconds() {
    let app = TestApp::start().await;
    let first = family(&app).await;
    let second = app.refresh("native-app", &first).await.member("refresh_token");
    let third = app.refresh("native-app", &second).await.member("refresh_token");
    assert_eq!(app.refresh("native-app", &first).await.error(), "invalid_grant");
    assert_eq!(app.refresh("native-app", &third).await.error(), "invalid_grant");
}

/// RFC 6749 §6
#[tokio::test]
async fn a_refresh_may_narrow_the_scope_and_never_widens_it() {
    let app = TestApp::start().await;
    let token = family(&app).await;
    let refresh = |scope: &'static str, token: String| {
        let app = &app;
        async move {
            let fields = [
                ("grant_type", "refresh_token"),
                ("client_id", "native-app"),
                ("refresh_token", &token),
                ("scope", scope),
            ];
            app.form("/oauth/token", &fields).await
        }
    };
    assert_eq!(refresh("pages:read profile", token.clone()).await.error(), "invalid_scope");
    let narrow = refresh("pages:read", token).await;
    assert_eq!(claims(&narrow.member("access_token"))["scope"], "pages:read");
    let whole = app.refresh("native-app", &narrow.member("refresh_token")).await;
    assert_eq!(whole.member("scope"), "offline_access openid pages:read", "the grant itself stays as wide as it was");
}

#[tokio::test]
async fn no_refresh_token_without_offline_access() {
    let app = TestApp::start().await;
    let tokens = app.tokens("native-app", "openid pages:read", ALICE).await;
    assert!(tokens.get("refresh_token").is_none());
}

/// OpenID Connect Core §12.2
#[tokio::test]
async fn a_refreshed_id_token_is_about_the_same_sign_in() {
    let app = TestApp::start().await;
    let tokens = app.tokens("native-app", "openid offline_access", ALICE).await;
    app.clock.advance(50);
    let refreshed = app.refresh("native-app", tokens["refresh_token"].as_str().unwrap()).await;
    let (before, after) = (claims(tokens["id_token"].as_str().unwrap()), claims(&refreshed.member("id_token")));
    for same in ["iss", "sub", "aud", "auth_time", "sid"] {
        assert_eq!(before[same], after[same], "{same}");
    }
    assert!(after.get("nonce").is_none());
}
