//! The JWT door: stateless and revocable (RFC 7519, RFC 8725).

use crate::support::{ALICE, Answer, BOB, DAWN, TestApp, base64url, claims, header};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn signing_in_gives_a_token_that_opens_the_door_until_it_expires() {
    let app = TestApp::start().await;
    let token = app.door_token(BOB).await;
    assert_eq!(header(&token)["typ"], "three-keys-door+jwt");
    assert_eq!(claims(&token)["aud"], app.url("/api/jwt"));
    assert_eq!(claims(&token)["exp"], DAWN + 900);
    let profile = app.bearer(Method::GET, "/api/jwt/profile", &token).await;
    assert_eq!((profile.member("username"), profile.member("role")), ("bob".into(), "viewer".into()));

    app.clock.advance(899);
    assert_eq!(app.bearer(Method::GET, "/api/jwt/profile", &token).await.status, 200);
    app.clock.advance(1);
    let expired = app.bearer(Method::GET, "/api/jwt/profile", &token).await;
    assert_eq!((expired.status, expired.member("check")), (401, "expiry".to_owned()));
    assert!(expired.header("www-authenticate").contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn after_signing_out_the_stateless_guard_still_accepts_and_the_revocable_one_refuses() {
    let app = TestApp::start().await;
    let token = app.door_token(BOB).await;
    assert_eq!(app.bearer(Method::GET, "/api/jwt_revocable/profile", &token).await.status, 200);
    let out = app.request(Method::POST, "/api/jwt/sign_out").bearer_auth(&token).json(&json!({}));
    assert_eq!(Answer::of(out).await.status, 200);
    assert_eq!(app.bearer(Method::GET, "/api/jwt/profile", &token).await.status, 200);
    let refused = app.bearer(Method::GET, "/api/jwt_revocable/profile", &token).await;
    assert_eq!((refused.status, refused.member("check")), (401, "revocation".to_owned()));
    let app = app.restart().await;
    assert_eq!(app.bearer(Method::GET, "/api/jwt_revocable/profile", &token).await.status, 401, "it is kept");
}

#[tokio::test]
async fn the_public_key_is_published_and_nothing_private_with_it() {
    let app = TestApp::start().await;
    let kid = header(&app.door_token(BOB).await)["kid"].clone();
    let keys = Answer::of(app.get("/api/jwt/jwks")).await;
    assert_eq!((keys.status, keys.header("content-type")), (200, "application/jwk-set+json"));
    let key = &keys.json["keys"][0];
    assert_eq!((&key["kid"], &key["alg"], &key["kty"]), (&kid, &json!("ES256"), &json!("EC")));
    for private in ["d", "k"] {
        assert!(key[private].is_null(), "{}", keys.text);
    }
}

#[tokio::test]
async fn the_signing_key_survives_a_restart() {
    let app = TestApp::start().await;
    let token = app.door_token(ALICE).await;
    let app = app.restart().await;
    assert_eq!(app.bearer(Method::GET, "/api/jwt/profile", &token).await.status, 200);
}

#[tokio::test]
async fn each_change_to_a_token_is_refused_by_name() {
    let app = TestApp::start().await;
    let token = app.door_token(BOB).await;
    let parts: Vec<&str> = token.split('.').collect();
    let kid = header(&token)["kid"].clone();
    let with_header =
        |header: serde_json::Value| format!("{}.{}.{}", base64url(header.to_string()), parts[1], parts[2]);
    let raised = claims(&token).as_object().map(|claims| {
        let mut claims = claims.clone();
        claims.insert("role".to_owned(), json!("admin"));
        format!("{}.{}.{}", parts[0], base64url(serde_json::to_string(&claims).unwrap()), parts[2])
    });
    let typ = "three-keys-door+jwt";
    let cases = [
        (raised.unwrap(), "signature"),
        (with_header(json!({"alg": "none", "typ": typ, "kid": kid})), "algorithm"),
        (with_header(json!({"alg": "NONE", "typ": typ, "kid": kid})), "algorithm"),
        (with_header(json!({"alg": "HS256", "typ": typ, "kid": kid})), "algorithm"),
        (with_header(json!({"alg": "ES256", "typ": typ, "kid": "another"})), "key"),
        (with_header(json!({"alg": "ES256", "typ": typ})), "key"),
        (with_header(json!({"alg": "ES256", "typ": typ, "kid": kid, "jwk": {"kty": "EC"}})), "own_key"),
        (
            with_header(json!({"alg": "ES256", "typ": typ, "kid": kid, "crit": ["b64"], "b64": false})),
            "critical_headers",
        ),
        (format!("{}.{}.", parts[0], parts[1]), "signature"),
        ("abc".to_owned(), "well_formed"),
        (format!("{token}.x"), "well_formed"),
        (format!("{token}="), "well_formed"),
    ];
    for (bad, check) in cases {
        let answer = app.bearer(Method::GET, "/api/jwt/profile", &bad).await;
        assert_eq!((answer.status, answer.member("check").as_str()), (401, check), "{bad}");
    }
}

#[tokio::test]
async fn a_claim_that_is_not_right_is_refused_though_the_signature_is() {
    let app = TestApp::start().await;
    let good = claims(&app.door_token(BOB).await);
    let cases = [
        ("iss", json!("http://127.0.0.1:1"), "issuer"),
        ("aud", json!(app.url("/api/oauth")), "audience"),
        ("nbf", json!(DAWN + 1), "not_before"),
        ("exp", json!(DAWN), "expiry"),
        ("role", json!("emperor"), "claims"),
        ("role", json!(["admin"]), "claims"),
    ];
    for (member, value, check) in cases {
        let mut changed = good.clone();
        changed[member] = value;
        let token = app.signed("jwt door", "three-keys-door+jwt", &changed).await;
        let answer = app.bearer(Method::GET, "/api/jwt/profile", &token).await;
        assert_eq!((answer.status, answer.member("check").as_str()), (401, check), "{changed}");
    }
}

#[tokio::test]
async fn an_access_token_of_the_authorization_server_does_not_open_this_door() {
    let app = TestApp::start().await;
    let tokens = app.tokens("three-keys-ui", "openid profile", ALICE).await;
    for name in ["access_token", "id_token"] {
        assert_eq!(
            app.bearer(Method::GET, "/api/jwt/profile", tokens[name].as_str().unwrap()).await.status,
            401,
            "{name}"
        );
    }
}

#[tokio::test]
async fn signing_in_refuses_bad_fields_by_name_and_wrong_passwords_with_a_challenge() {
    let app = TestApp::start().await;
    let sign_in = |username: String, password: String| {
        Answer::of(
            app.request(Method::POST, "/api/jwt/sign_in").json(&json!({"username": username, "password": password})),
        )
    };
    assert_eq!(sign_in(String::new(), "x".into()).await.member("field"), "username");
    assert_eq!(sign_in("a".repeat(129), "x".into()).await.member("field"), "username");
    assert_eq!(sign_in("alice".into(), String::new()).await.member("field"), "password");
    let wrong = sign_in("alice".into(), "wrong".into()).await;
    let unknown = sign_in("nobody".into(), "wrong".into()).await;
    assert_eq!((wrong.status, &wrong.text), (401, &unknown.text));
    assert_eq!(wrong.header("www-authenticate"), r#"Bearer realm="Three Keys JWT""#);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_owner_gets_in_when_the_wait_is_over() {
    let app = TestApp::start().await;
    let sign_in = |password: &str| {
        Answer::of(
            app.request(Method::POST, "/api/jwt/sign_in").json(&json!({"username": "alice", "password": password})),
        )
    };
    for _ in 0..5 {
        assert_eq!(sign_in("guess").await.status, 401);
    }
    let throttled = sign_in("guess").await;
    assert_eq!((throttled.status, throttled.header("retry-after")), (429, "1"));
    app.clock.advance(1);
    assert_eq!(sign_in("wonderland").await.status, 200);
}
