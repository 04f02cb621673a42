//! The audit log of the authorization server: each issue, refusal, reuse and revocation, with the rule's name.

use crate::support::{ALICE, AUDITOR, Answer, TestApp, redemption};

#[tokio::test]
async fn issues_refusals_reuse_and_revocations_are_recorded_with_their_rule_and_without_a_secret() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "offline_access pages:read", ALICE, &[]).await;
    let fields = redemption(&code);
    let tokens = app.form("/oauth/token", &fields).await;
    let refresh = tokens.member("refresh_token");
    app.refresh("native-app", &refresh).await;
    app.clock.advance(11);
    app.refresh("native-app", &refresh).await;
    app.form("/oauth/token", &fields).await;
    app.form("/oauth/revoke", &[("client_id", "native-app"), ("token", &tokens.member("access_token"))]).await;
    app.browser().open(&app.authorization("native-app", "pages:write", &[])).await;
    app.form_as(("backend", "wrong"), "/oauth/token", &[("grant_type", "client_credentials")]).await;

    let log = Answer::of(app.get("/api/basic/audit?limit=100").basic_auth(AUDITOR.0, Some(AUDITOR.1))).await;
    let events = log.json.as_array().expect("a list").clone();
    for (action, account, outcome, rule) in [
        ("sign_in", "alice", "allowed", ""),
        ("authorize", "alice", "allowed", ""),
        ("token", "alice", "allowed", ""),
        ("token", "", "refused", "check_refresh_once"),
        ("token", "", "refused", "check_code_once"),
        ("token", "", "refused", "check_client"),
        ("authorize", "", "refused", "check_scope"),
        ("revoke", "", "allowed", ""),
    ] {
        let found = events.iter().any(|event| {
            event["key"] == "auth_server"
                && event["action"] == action
                && event["account"] == account
                && event["outcome"] == outcome
                && event["rule"] == rule
        });
        assert!(found, "{action} {account} {outcome} {rule} in {}", log.text);
    }
    for secret in [&code, &refresh, &tokens.member("access_token"), "wonderland", "wrong"] {
        assert!(!log.text.contains(secret));
    }
}
