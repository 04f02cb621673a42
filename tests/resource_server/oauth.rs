//! The OAuth door: checklist lines 28 to 31 (RFC 6750, RFC 9068, RFC 9728).

use crate::support::{ALICE, Answer, BACKEND, DAWN, TestApp, base64url, claims, header};
use reqwest::Method;
use serde_json::json;

const PROFILE: &str = "/api/oauth/profile";

async fn access_token(app: &TestApp, scope: &str) -> String {
    app.tokens("three-keys-ui", scope, ALICE).await["access_token"].as_str().expect("a token").to_owned()
}

/// RFC 6750 §3, RFC 9728 §5.1
#[tokio::test]
async fn line_28_without_credentials_the_challenge_has_a_realm_and_the_metadata_and_no_error() {
    let app = TestApp::start().await;
    let answer = Answer::of(app.get(PROFILE)).await;
    let challenge = answer.header("www-authenticate");
    let metadata = app.url("/.well-known/oauth-protected-resource/api/oauth");
    assert_eq!(answer.status, 401);
    assert_eq!(challenge, format!(r#"Bearer realm="Three Keys OAuth", resource_metadata="{metadata}""#));
    let found = Answer::of(app.http.get(metadata)).await;
    assert_eq!(found.json["resource"], app.url("/api/oauth"));
    assert_eq!(found.json["authorization_servers"], json!([app.base]));
}

/// RFC 6750 §3.1
#[tokio::test]
async fn line_28_a_bad_token_is_invalid_token_and_a_missing_scope_insufficient_scope() {
    let app = TestApp::start().await;
    let bad = app.bearer(Method::GET, PROFILE, "nonsense").await;
    assert_eq!(bad.status, 401);
    assert!(bad.header("www-authenticate").contains(r#"error="invalid_token""#));
    let token = access_token(&app, "pages:read").await;
    let lacking = app.bearer(Method::GET, PROFILE, &token).await;
    assert_eq!((lacking.status, lacking.member("check")), (403, "scope".to_owned()));
    let challenge = lacking.header("www-authenticate");
    assert!(
        challenge.contains(r#"error="insufficient_scope""#) && challenge.contains(r#"scope="profile""#),
        "{challenge}"
    );
}

/// RFC 9110 §11.1, RFC 6750 §2
#[tokio::test]
async fn line_29_the_scheme_is_case_insensitive_two_tokens_are_400_and_the_query_is_ignored() {
    let app = TestApp::start().await;
    let token = access_token(&app, "profile").await;
    let odd = app.get(PROFILE).header("authorization", format!("bEARER {token}"));
    assert_eq!(Answer::of(odd).await.status, 200);
    let twice = app
        .get(PROFILE)
        .header("authorization", format!("Bearer {token}"))
        .header("authorization", format!("Bearer {token}"));
    let twice = Answer::of(twice).await;
    assert_eq!(twice.status, 400);
    assert!(twice.header("www-authenticate").contains(r#"error="invalid_request""#));
    assert_eq!(Answer::of(app.get(&format!("{PROFILE}?access_token={token}"))).await.status, 401);
}

/// RFC 8725 §3.1, §3.10; RFC 7515 §4.1.11
#[tokio::test]
async fn line_30_the_algorithm_and_the_key_are_never_taken_from_the_token() {
    let app = TestApp::start().await;
    let token = access_token(&app, "profile").await;
    let parts: Vec<&str> = token.split('.').collect();
    let kid = header(&token)["kid"].clone();
    let jwks = Answer::of(app.get("/oauth/jwks")).await;
    let public = serde_json::to_vec(&jwks.json["keys"][0]).unwrap();
    let hmac = |header: serde_json::Value| {
        let message = format!("{}.{}", base64url(header.to_string()), parts[1]);
        let key = jsonwebtoken::EncodingKey::from_secret(&public);
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, jsonwebtoken::Algorithm::HS256).unwrap();
        format!("{message}.{signature}")
    };
    let with_header =
        |header: serde_json::Value| format!("{}.{}.{}", base64url(header.to_string()), parts[1], parts[2]);
    let cases = [
        (with_header(json!({"alg": "none", "typ": "at+jwt", "kid": kid})), "algorithm"),
        (with_header(json!({"alg": "nONe", "typ": "at+jwt", "kid": kid})), "algorithm"),
        (
            format!("{}.{}.", base64url(json!({"alg": "none", "typ": "at+jwt", "kid": kid}).to_string()), parts[1]),
            "algorithm",
        ),
        (hmac(json!({"alg": "HS256", "typ": "at+jwt", "kid": kid})), "algorithm"),
        (with_header(json!({"alg": "RS256", "typ": "at+jwt", "kid": kid})), "algorithm"),
        (with_header(json!({"alg": "ES256", "typ": "at+jwt", "kid": "../../keys/1"})), "key"),
        (with_header(json!({"alg": "ES256", "typ": "at+jwt", "kid": "' OR 1=1 --"})), "key"),
        (with_header(json!({"alg": "ES256", "typ": "at+jwt", "kid": kid, "jwk": jwks.json["keys"][0]})), "own_key"),
        (with_header(json!({"alg": "ES256", "typ": "at+jwt", "kid": kid, "jku": "http://127.0.0.1:1/"})), "own_key"),
        (with_header(json!({"alg": "ES256", "typ": "at+jwt", "kid": kid, "x5u": "http://127.0.0.1:1/"})), "own_key"),
        (with_header(json!({"alg": "ES256", "typ": "at+jwt", "kid": kid, "crit": ["exp"]})), "critical_headers"),
        (with_header(json!({"alg": "ES256", "typ": "JWT", "kid": kid})), "signature"),
    ];
    for (bad, check) in cases {
        let answer = app.bearer(Method::GET, PROFILE, &bad).await;
        assert_eq!((answer.status, answer.member("check").as_str()), (401, check), "{bad}");
    }
}

/// RFC 9068 §4
#[tokio::test]
async fn line_31_another_audience_and_another_kind_of_token_are_refused() {
    let app = TestApp::start().await;
    let fields =
        [("grant_type", "client_credentials"), ("scope", "pages:read"), ("resource", "urn:three-keys:elsewhere")];
    let elsewhere = app.form_as(BACKEND, "/oauth/token", &fields).await.member("access_token");
    assert_eq!(claims(&elsewhere)["aud"], "urn:three-keys:elsewhere");
    let answer = app.bearer(Method::GET, "/api/oauth/pages", &elsewhere).await;
    assert_eq!((answer.status, answer.member("check")), (401, "audience".to_owned()));

    let tokens = app.tokens("three-keys-ui", "openid profile", ALICE).await;
    let id_token = app.bearer(Method::GET, PROFILE, tokens["id_token"].as_str().unwrap()).await;
    assert_eq!((id_token.status, id_token.member("check")), (401, "type".to_owned()));
    let door = app.bearer(Method::GET, PROFILE, &app.door_token(ALICE).await).await;
    assert_eq!((door.status, door.member("check")), (401, "key".to_owned()));
}

/// RFC 9068 §4, RFC 7519 §4.1.5: a token with a good signature is refused for any claim that is not right.
#[tokio::test]
async fn line_31_the_issuer_is_exact_not_before_is_honoured_and_no_claim_may_be_missing() {
    let app = TestApp::start().await;
    let good = claims(&access_token(&app, "profile").await);
    let with = |member: &str, value: serde_json::Value| {
        let mut changed = good.clone();
        changed[member] = value;
        changed
    };
    let without = |member: &str| {
        let mut changed = good.clone();
        changed.as_object_mut().unwrap().remove(member);
        changed
    };
    let cases = [
        (good.clone(), None),
        (with("iss", json!(format!("{}/", app.base))), Some("issuer")),
        (with("iss", json!(app.base.to_uppercase())), Some("issuer")),
        (with("aud", json!(format!("{}/api/oauth/", app.base))), Some("audience")),
        (with("aud", json!([])), Some("audience")),
        (with("aud", json!(["urn:other", app.url("/api/oauth")])), None),
        (with("nbf", json!(DAWN + 1)), Some("not_before")),
        (with("nbf", json!(DAWN)), None),
        (with("exp", json!(DAWN)), Some("expiry")),
        (with("exp", json!("tomorrow")), Some("claims")),
        (without("exp"), Some("claims")),
        (without("iss"), Some("claims")),
        (without("aud"), Some("claims")),
        (without("sub"), Some("claims")),
        (without("client_id"), Some("claims")),
        (without("iat"), Some("claims")),
        (without("jti"), Some("claims")),
        (without("scope"), Some("scope")),
    ];
    for (claims, check) in cases {
        let token = app.signed("oauth", "at+jwt", &claims).await;
        let answer = app.bearer(Method::GET, PROFILE, &token).await;
        assert_eq!(answer.json["check"].as_str(), check, "{claims}: {}", answer.text);
    }
    for typ in ["JWT", "at+jws", "", "application/jwt"] {
        let token = app.signed("oauth", typ, &good).await;
        assert_eq!(app.bearer(Method::GET, PROFILE, &token).await.member("check"), "type", "{typ:?}");
    }
    let long = app.signed("oauth", "application/AT+JWT", &good).await;
    assert_eq!(app.bearer(Method::GET, PROFILE, &long).await.status, 200, "RFC 7515 §4.1.9, RFC 2045 §5.1");
}

/// RFC 9068 §4
#[tokio::test]
async fn line_31_expiry_is_enforced_to_the_second() {
    let app = TestApp::start().await;
    let token = access_token(&app, "profile").await;
    assert_eq!(claims(&token)["exp"], DAWN + 300);
    app.clock.advance(299);
    assert_eq!(app.bearer(Method::GET, PROFILE, &token).await.status, 200);
    app.clock.advance(1);
    let answer = app.bearer(Method::GET, PROFILE, &token).await;
    assert_eq!((answer.status, answer.member("check")), (401, "expiry".to_owned()));
}

/// RFC 8725 §3.11
#[tokio::test]
async fn line_32_a_token_of_64_kb_or_with_repeated_members_is_refused() {
    let app = TestApp::start().await;
    let token = access_token(&app, "profile").await;
    let parts: Vec<&str> = token.split('.').collect();
    let kid = header(&token)["kid"].as_str().unwrap().to_owned();
    let repeated = format!(r#"{{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"{kid}"}}"#);
    let deep = format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","x":{}1{}}}"#, "[".repeat(500), "]".repeat(500));
    let deep = app.bearer(Method::GET, PROFILE, &format!("{}.{}.{}", base64url(deep), parts[1], parts[2])).await;
    assert_eq!((deep.status, deep.member("check")), (401, "signature".to_owned()), "unknown members decide nothing");
    let cases = [
        format!("{}.{}.{}", base64url(repeated), parts[1], parts[2]),
        format!("{}.{}.{}", parts[0], "A".repeat(16 * 1024), parts[2]),
    ];
    for bad in cases {
        let answer = app.bearer(Method::GET, PROFILE, &bad).await;
        assert_eq!((answer.status, answer.member("check").as_str()), (401, "well_formed"));
    }
    let giant = format!("{}.{}.{}", parts[0], "A".repeat(64 * 1024), parts[2]);
    assert_eq!(app.bearer(Method::GET, PROFILE, &giant).await.status, 431, "no guard gets to see it");
}

#[tokio::test]
async fn a_client_that_acts_for_itself_is_named_as_itself() {
    let app = TestApp::start().await;
    let fields = [("grant_type", "client_credentials"), ("scope", "profile pages:read pages:write")];
    let token = app.form_as(BACKEND, "/oauth/token", &fields).await.member("access_token");
    let profile = app.bearer(Method::GET, PROFILE, &token).await;
    assert_eq!((profile.member("username"), profile.member("client_id")), ("backend".into(), "backend".into()));
}
