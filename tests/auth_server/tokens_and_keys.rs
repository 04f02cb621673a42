//! Tokens and keys: checklist lines 26 and 27.

use crate::support::{ALICE, Answer, BACKEND, DAWN, TestApp, base64url, claims, header, redemption};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::Method;
use serde_json::{Value, json};

async fn verified(app: &TestApp, token: &str) -> Value {
    let jwks: JwkSet = serde_json::from_value(Answer::of(app.get("/oauth/jwks")).await.json).expect("a JWKS");
    let head = header(token);
    let key = jwks.find(head["kid"].as_str().expect("a kid")).expect("a published key");
    let algorithm = if head["alg"] == "RS256" { Algorithm::RS256 } else { Algorithm::ES256 };
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation).expect("it verifies").claims
}

/// RFC 9068 §2
#[tokio::test]
async fn line_26_an_access_token_has_the_type_and_claims_of_its_profile() {
    let app = TestApp::start().await;
    let tokens = app.tokens("backend", "pages:read pages:write", ALICE).await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(header(token)["typ"], "at+jwt");
    let claims = verified(&app, token).await;
    assert_eq!(claims["iss"], app.base);
    assert_eq!(claims["aud"], app.url("/api/oauth"));
    assert_eq!(claims["client_id"], "backend");
    assert_eq!(claims["scope"], "pages:read pages:write");
    assert_eq!((claims["iat"].as_i64(), claims["exp"].as_i64()), (Some(DAWN), Some(DAWN + 300)));
    assert!(claims["sub"].is_string() && claims["jti"].is_string());
    assert_eq!(tokens["token_type"], "Bearer");
}

/// RFC 7517 §5, §9.3
#[tokio::test]
async fn line_26_the_key_set_has_no_private_member_and_can_be_cached() {
    let app = TestApp::start().await;
    let answer = Answer::of(app.get("/oauth/jwks")).await;
    assert!(answer.header("cache-control").contains("max-age="));
    let keys = answer.json["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 2);
    for key in keys {
        for private in ["d", "p", "q", "dp", "dq", "qi", "k", "oth"] {
            assert!(key.get(private).is_none(), "{private}");
        }
        for member in ["kid", "kty", "alg", "use"] {
            assert!(key[member].is_string(), "{member}");
        }
    }
}

/// OpenID Connect Core §2, §3.1.3.6
#[tokio::test]
async fn line_27_an_id_token_echoes_the_nonce_and_hashes_the_access_token() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "openid profile", ALICE, &[("nonce", "n-0S6_WzA2Mj")]).await;
    let fields = redemption(&code);
    let tokens = app.form("/oauth/token", &fields).await;
    let id_token = verified(&app, &tokens.member("id_token")).await;
    assert_eq!(id_token["nonce"], "n-0S6_WzA2Mj");
    assert_eq!((id_token["iss"].as_str(), id_token["aud"].as_str()), (Some(app.base.as_str()), Some("native-app")));
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, tokens.member("access_token").as_bytes());
    assert_eq!(id_token["at_hash"], base64url(&digest.as_ref()[..16]));
    assert_eq!(id_token["auth_time"], DAWN);
    assert!(id_token["sid"].is_string());
    assert_eq!(id_token["preferred_username"], "alice");
}

/// OpenID Connect Core §5.3.2
#[tokio::test]
async fn line_27_userinfo_is_about_the_same_subject() {
    let app = TestApp::start().await;
    let tokens = app.tokens("native-app", "openid profile", ALICE).await;
    let (access, id_token) = (tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap());
    for method in [Method::GET, Method::POST] {
        let answer = app.bearer(method, "/oauth/userinfo", access).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.json["sub"], claims(id_token)["sub"]);
        assert_eq!(answer.member("preferred_username"), "alice");
    }
    let without_profile = app.tokens("native-app", "openid", ALICE).await;
    let answer = app.bearer(Method::GET, "/oauth/userinfo", without_profile["access_token"].as_str().unwrap()).await;
    assert!(answer.json.get("preferred_username").is_none());
}

/// RFC 6750 §3
#[tokio::test]
async fn line_27_userinfo_refuses_other_tokens() {
    let app = TestApp::start().await;
    let nothing = Answer::of(app.get("/oauth/userinfo")).await;
    assert_eq!((nothing.status, nothing.header("www-authenticate")), (401, r#"Bearer realm="Three Keys userinfo""#));
    let tokens = app.tokens("native-app", "openid", ALICE).await;
    let id_token = app.bearer(Method::GET, "/oauth/userinfo", tokens["id_token"].as_str().unwrap()).await;
    assert!(id_token.header("www-authenticate").contains("invalid_token"));
    let no_openid = app.tokens("native-app", "pages:read", ALICE).await;
    let answer = app.bearer(Method::GET, "/oauth/userinfo", no_openid["access_token"].as_str().unwrap()).await;
    assert_eq!(answer.status, 403);
    assert!(answer.header("www-authenticate").contains("insufficient_scope"));
}

/// OpenID Connect Core §15.1
#[tokio::test]
async fn rs256_is_there_for_clients_that_need_it() {
    let app = TestApp::start().await;
    let registration = json!({
        "redirect_uris": ["https://needs-rsa.example/callback"],
        "token_endpoint_auth_method": "client_secret_post",
        "id_token_signed_response_alg": "RS256",
    });
    let client = Answer::of(app.http.post(app.url("/oauth/register")).json(&registration)).await;
    let (id, secret) = (client.member("client_id"), client.member("client_secret"));
    let uri = "https://needs-rsa.example/callback";
    let code = app.code(&id, "openid", ALICE, &[("redirect_uri", uri)]).await;
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", &*id),
        ("client_secret", &*secret),
        ("code", &*code),
        ("redirect_uri", uri),
        ("code_verifier", crate::support::VERIFIER),
    ];
    let id_token = app.form("/oauth/token", &fields).await.member("id_token");
    assert_eq!(header(&id_token)["alg"], "RS256");
    assert_eq!(verified(&app, &id_token).await["aud"], id);
}

#[tokio::test]
async fn a_restart_changes_neither_keys_nor_tokens() {
    let app = TestApp::start().await;
    let fields = [("grant_type", "client_credentials"), ("scope", "pages:read")];
    let token = app.form_as(BACKEND, "/oauth/token", &fields).await.member("access_token");
    let keys = Answer::of(app.get("/oauth/jwks")).await.text;
    let app = app.restart().await;
    assert_eq!(Answer::of(app.get("/oauth/jwks")).await.text, keys);
    assert!(app.is_active(&token).await);
}
