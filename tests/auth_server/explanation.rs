//! The endpoints that scripts call explain themselves, where they are asked to and may (RFC 7240).

use crate::support::{ALICE, Answer, BACKEND, RESOURCE_SERVER, TestApp, redemption};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use three_keys::wire::trace::{CheckTrace, Outcome, parse};

const REDEMPTION: [&str; 5] =
    ["check_code_client", "check_code_alive", "check_code_redirect_uri", "check_code_verifier", "check_dpop_key"];

/// Asks for an explanation, and takes it apart.
async fn explained(call: RequestBuilder) -> (Answer, Vec<CheckTrace>) {
    let answer = Answer::of(call.header("prefer", "explain")).await;
    let lines: Vec<&str> = answer.headers.get_all("guard-checks").iter().map(|line| line.to_str().unwrap()).collect();
    let checks = parse(&lines.join(", ")).expect("lines of JSON");
    assert_eq!(answer.header("preference-applied"), "explain", "{}", answer.text);
    let varies = answer.headers.get_all("vary").iter().any(|value| value == "Prefer");
    assert!(varies, "{:?}", answer.headers);
    (answer, checks)
}

fn post(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
    app.request(Method::POST, path).form(fields)
}

fn names(checks: &[CheckTrace]) -> Vec<&str> {
    checks.iter().map(|check| check.check.as_str()).collect()
}

/// All passed before the one that refused, and none was reached after it.
fn assert_refused_by(checks: &[CheckTrace], name: &str) {
    let place = checks.iter().position(|check| check.check == name).unwrap_or_else(|| panic!("no {name}: {checks:?}"));
    assert_eq!(checks[place].outcome, Outcome::Refused, "{checks:?}");
    assert!(checks[..place].iter().all(|check| check.outcome == Outcome::Passed), "{checks:?}");
    assert!(checks[place + 1..].iter().all(|check| check.outcome == Outcome::NotReached), "{checks:?}");
}

#[tokio::test]
async fn a_redemption_tells_every_rule_that_it_passed() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "profile", ALICE, &[]).await;
    let (answer, checks) = explained(post(&app, "/oauth/token", &redemption(&code))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(names(&checks), [&["check_client", "check_grant_type"][..], &REDEMPTION].concat());
    assert!(checks.iter().all(|check| check.outcome == Outcome::Passed), "{checks:?}");
    let verifier = checks.iter().find(|check| check.check == "check_code_verifier").unwrap();
    assert_eq!(verifier.source(), "RFC 7636 §4.6");
    assert!(checks[0].microseconds > 0.0, "finding the client takes time: {checks:?}");
}

#[tokio::test]
async fn a_wrong_verifier_is_named_between_what_passed_and_what_was_not_reached() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "profile", ALICE, &[]).await;
    let mut fields = redemption(&code);
    let wrong = "x".repeat(43);
    fields[4] = ("code_verifier", &wrong);
    let (answer, checks) = explained(post(&app, "/oauth/token", &fields)).await;
    assert_eq!((answer.status, answer.error()), (400, "invalid_grant"));
    assert_refused_by(&checks, "check_code_verifier");
    assert_eq!(names(&checks)[2..], REDEMPTION);
    assert_eq!(checks.last().map(|check| check.outcome), Some(Outcome::NotReached));
}

#[tokio::test]
async fn what_refuses_outside_the_lists_of_rules_is_named_too() {
    let app = TestApp::start().await;
    let client = [("grant_type", "client_credentials"), ("client_id", BACKEND.0), ("client_secret", "wrong")];
    let (answer, checks) = explained(post(&app, "/oauth/token", &client)).await;
    assert_eq!((answer.status, answer.error()), (401, "invalid_client"));
    assert_eq!(names(&checks), ["check_client"]);
    assert_refused_by(&checks, "check_client");
    assert_eq!(checks[0].source(), "RFC 6749 §5.2");

    let mut fields = redemption("nonsense").to_vec();
    let (_, checks) = explained(post(&app, "/oauth/token", &fields)).await;
    assert_eq!(names(&checks), ["check_client", "check_grant_type", "check_code_known"]);
    assert_refused_by(&checks, "check_code_known");
    fields.push(("code", "again"));
    let (_, checks) = explained(post(&app, "/oauth/token", &fields)).await;
    assert_eq!(names(&checks), ["check_repeated"], "what the form itself is refused for");
}

#[tokio::test]
async fn a_refusal_after_rules_that_all_passed_comes_last() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "profile", ALICE, &[]).await;
    let fields = [&redemption(&code)[..], &[("resource", "urn:nowhere")]].concat();
    let (answer, checks) = explained(post(&app, "/oauth/token", &fields)).await;
    assert_eq!(answer.error(), "invalid_target");
    assert_eq!(checks.last().map(|check| check.check.as_str()), Some("check_resource"));
    assert_refused_by(&checks, "check_resource");
}

#[tokio::test]
async fn a_proof_of_possession_has_its_checks_told() {
    let app = TestApp::start().await;
    let fields = [("grant_type", "client_credentials"), ("client_id", BACKEND.0), ("client_secret", BACKEND.1)];
    let (answer, checks) = explained(post(&app, "/oauth/token", &fields).header("dpop", "nonsense")).await;
    assert_eq!(answer.error(), "invalid_dpop_proof");
    assert_refused_by(&checks, "dpop_well_formed");
    assert_eq!(checks.last().map(|check| check.check.as_str()), Some("dpop_replay"));
}

#[tokio::test]
async fn the_other_endpoints_explain_themselves_as_well() {
    let app = TestApp::start().await;
    let token = app.tokens("three-keys-ui", "openid profile", ALICE).await["access_token"].as_str().unwrap().to_owned();
    let native = ("client_id", "native-app");
    let pushed = [
        native,
        ("response_type", "code"),
        ("redirect_uri", "http://127.0.0.1:49152/callback"),
        ("scope", "profile"),
        ("code_challenge", crate::support::CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    // Another one, so that nothing is remembered of the token that UserInfo is shown.
    let other = app.tokens("three-keys-ui", "openid profile", ALICE).await["access_token"].as_str().unwrap().to_owned();
    let introspected = [("client_id", RESOURCE_SERVER.0), ("client_secret", RESOURCE_SERVER.1), ("token", &other)];
    let registered = json!({"redirect_uris": ["https://new.example/callback"]});
    let calls = [
        (post(&app, "/oauth/revoke", &[native, ("token", "x")]), 200, vec!["check_client"]),
        (post(&app, "/oauth/introspect", &introspected), 200, vec!["check_client"]),
        (post(&app, "/oauth/device_authorization", &[("client_id", "tv")]), 200, vec!["check_client"]),
        (
            post(&app, "/oauth/par", &pushed),
            201,
            vec!["check_client", "check_redirect_uri", "check_pkce", "check_max_age"],
        ),
        (
            app.request(Method::POST, "/oauth/register").json(&registered),
            201,
            vec!["check_open", "throttle", "check_metadata"],
        ),
        (
            app.get("/oauth/userinfo").bearer_auth(&token),
            200,
            vec!["credentials", "signature", "expiry", "dpop_binding", "scope", "audience"],
        ),
    ];
    for (call, status, expected) in calls {
        let (answer, checks) = explained(call).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert!(checks.iter().all(|check| check.outcome == Outcome::Passed), "{checks:?}");
        for name in expected {
            assert!(names(&checks).contains(&name), "{name} in {checks:?}");
        }
    }
}

#[tokio::test]
async fn a_rule_that_no_rfc_demands_is_told_with_its_own_source() {
    let app = TestApp::start().await;
    let fields = [
        ("client_id", "native-app"),
        ("response_type", "code"),
        ("redirect_uri", "http://127.0.0.1:49152/callback"),
        ("code_challenge", crate::support::CHALLENGE),
        ("code_challenge_method", "S256"),
        ("prompt", "none login"),
    ];
    let (answer, checks) = explained(post(&app, "/oauth/par", &fields)).await;
    assert_eq!(answer.error(), "invalid_request", "{}", answer.text);
    assert_refused_by(&checks, "check_prompt");
    let prompt = checks.iter().find(|check| check.check == "check_prompt").unwrap();
    assert_eq!(prompt.source(), "OpenID Connect Core §3.1.2.1");
}

#[tokio::test]
async fn a_token_that_userinfo_refuses_has_its_check_told() {
    let app = TestApp::start().await;
    let token = app.tokens("three-keys-ui", "openid", ALICE).await["access_token"].as_str().unwrap().to_owned();
    app.clock.advance(3600);
    let (answer, checks) = explained(app.get("/oauth/userinfo").bearer_auth(token)).await;
    assert_eq!(answer.status, 401);
    assert_refused_by(&checks, "expiry");
    let (_, checks) = explained(app.get("/oauth/userinfo")).await;
    assert_refused_by(&checks, "credentials");
}

fn assert_untold(answer: &Answer) {
    for name in ["guard-checks", "preference-applied"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
}

#[tokio::test]
async fn who_does_not_ask_is_told_nothing() {
    let app = TestApp::start().await;
    let answer = app.form("/oauth/token", &redemption("nonsense")).await;
    assert_eq!(answer.status, 400);
    assert_untold(&answer);
}

/// What a page of another origin may send and read stays what it was.
#[tokio::test]
async fn pages_of_other_origins_cannot_read_it() {
    let app = TestApp::start().await;
    let call = post(&app, "/oauth/token", &redemption("nonsense")).header("origin", "https://other.example");
    let (answer, _) = explained(call).await;
    let exposed = answer.header("access-control-expose-headers");
    assert!(!exposed.is_empty() && !exposed.contains("guard-checks"), "{exposed}");
}

#[tokio::test]
async fn outside_a_demo_nobody_is_told_anything() {
    let app = TestApp::start_with(|config| {
        config.issuer = Some("https://keys.example".to_owned());
        config.behind_proxy = true;
    })
    .await;
    let url = format!("http://{}/oauth/token", app.address());
    let call = app.http.post(url).header("host", "keys.example").header("prefer", "explain");
    let answer = Answer::of(call.form(&redemption("nonsense"))).await;
    assert_eq!((answer.status, answer.error()), (401, "invalid_client"), "{}", answer.text);
    assert_untold(&answer);
}
