//! The metadata lists nothing that is not served and omits nothing that is (RFC 8414, OpenID Connect Discovery).

use crate::support::{Answer, TestApp, config};
use std::collections::BTreeSet;
use three_keys::auth_server::endpoints::{FOR_PEOPLE, LISTED};
use three_keys::clock::Clock;
use three_keys::host::config::Config;
use three_keys::host::server::start;

async fn document(app: &TestApp) -> Answer {
    Answer::of(app.get("/.well-known/oauth-authorization-server")).await
}

#[tokio::test]
async fn both_documents_say_the_same_and_name_the_issuer() {
    let app = TestApp::start().await;
    let oauth = document(&app).await;
    let openid = Answer::of(app.get("/.well-known/openid-configuration")).await;
    assert_eq!(oauth.json, openid.json);
    assert_eq!(oauth.member("issuer"), app.base);
    assert_eq!(oauth.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn every_endpoint_that_is_listed_answers_and_every_one_that_answers_is_listed() {
    let app = TestApp::start().await;
    let metadata = document(&app).await;
    let listed: BTreeSet<String> = metadata
        .json
        .as_object()
        .expect("an object")
        .iter()
        .filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri")
        .map(|(_, url)| url.as_str().expect("a URL").trim_start_matches(app.base.as_str()).to_owned())
        .collect();
    for path in &listed {
        let answer = Answer::of(app.get(path)).await;
        assert_ne!(answer.status, 404, "{path} is listed");
    }
    // The router mounts exactly the paths of this list, and what people see besides.
    let served: BTreeSet<String> = LISTED.into_iter().map(|(_, path)| path.to_owned()).collect();
    assert_eq!(listed, served);
    let contract = "authorize token revoke introspect jwks userinfo par device_authorization device register logout";
    for name in contract.split(' ') {
        let path = format!("/oauth/{name}");
        assert!(served.contains(&path) || FOR_PEOPLE.contains(&path.as_str()), "{path} is in the contract");
    }
    for path in FOR_PEOPLE {
        assert_eq!(Answer::of(app.get(path)).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_is_listed_is_served() {
    let app = TestApp::start().await;
    let metadata = document(&app).await;
    let list = |name: &str| -> Vec<String> {
        let values = metadata.json[name].as_array().unwrap_or_else(|| panic!("{name}"));
        values.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
    };
    for grant_type in list("grant_types_supported") {
        let fields = [("grant_type", grant_type.as_str()), ("client_id", "native-app")];
        assert_ne!(app.form("/oauth/token", &fields).await.error(), "unsupported_grant_type", "{grant_type}");
    }
    for scope in list("scopes_supported") {
        let page = app.browser().open(&app.authorization("three-keys-ui", &scope, &[])).await;
        assert!(page.asks_for_password(), "{scope}");
    }
    assert_eq!(list("response_types_supported"), ["code"]);
    assert_eq!(list("code_challenge_methods_supported"), ["S256"]);
    assert_eq!(
        list("token_endpoint_auth_methods_supported"),
        ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]
    );
    assert!(list("id_token_signing_alg_values_supported").contains(&"RS256".to_owned()));
    assert_eq!(metadata.json["authorization_response_iss_parameter_supported"], true);
    for prompt in list("prompt_values_supported") {
        let page = app.browser().open(&app.authorization("native-app", "openid", &[("prompt", &prompt)])).await;
        let refused = page.location().is_some_and(|location| location.contains("invalid_request"));
        assert!(!refused, "{prompt}");
    }
}

#[tokio::test]
async fn registration_is_listed_only_where_it_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = Some("https://keys.example".to_owned());
    let closed = Config { issuer, ..config(folder.path(), "127.0.0.1:0") };
    let server = start(closed, Clock::system()).await.expect("a running server");
    let http = crate::support::client(false);
    let url = |path: &str| format!("http://{}{path}", server.address);
    let metadata = Answer::of(http.get(url("/.well-known/oauth-authorization-server"))).await;
    assert!(metadata.json.get("registration_endpoint").is_none());
    let refused = Answer::of(http.post(url("/oauth/register")).json(&serde_json::json!({}))).await;
    assert_eq!((refused.status, refused.error()), (400, "access_denied"));
    let demo = Answer::of(http.get(url("/api/basic/pages")).basic_auth("alice", Some("wonderland"))).await;
    assert_eq!(demo.status, 401, "no demo account off loopback");
    server.stop().await;
}

/// RFC 9700 §2.6
#[tokio::test]
async fn scripts_of_other_origins_may_call_what_they_need_and_nothing_else() {
    let app = TestApp::start().await;
    let cors = |path: &'static str| {
        let request = app.get(path).header("origin", "https://client.example");
        async move { Answer::of(request).await.header("access-control-allow-origin").to_owned() }
    };
    for path in
        ["/oauth/jwks", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/oauth/par", "/oauth/device_authorization"]
    {
        assert_eq!(cors(path).await, "*", "{path}");
    }
    for path in [
        "/oauth/authorize",
        "/oauth/device",
        "/oauth/logout",
        "/oauth/introspect",
        "/oauth/register",
        "/oauth/applications",
    ] {
        assert_eq!(cors(path).await, "", "{path}");
    }
}
