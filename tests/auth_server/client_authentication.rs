//! Client authentication: checklist line 18 (RFC 6749 §2.3, RFC 7523).

use crate::support::{Answer, BACKEND, TestApp, base64url};
use reqwest::Method;
use serde_json::{Value, json};

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// RFC 6749 §2.3.1
#[tokio::test]
async fn line_18_basic_is_form_decoded_and_the_body_is_taken_too() {
    let app = TestApp::start().await;
    let odd = ("odd:client", "p@ss word+%:é");
    assert_eq!(app.form_as(odd, "/oauth/token", &[GRANT]).await.status, 200);
    let body = [GRANT, ("client_id", odd.0), ("client_secret", odd.1)];
    assert_eq!(app.form("/oauth/token", &body).await.status, 200);
    let unencoded = app.http.post(app.url("/oauth/token")).basic_auth(odd.0, Some(odd.1)).form(&[GRANT]);
    assert_eq!(Answer::of(unencoded).await.status, 401);
}

/// RFC 6749 §2.3
#[tokio::test]
async fn line_18_never_two_ways_at_once_and_never_in_the_uri() {
    let app = TestApp::start().await;
    let both =
        app.form_as(BACKEND, "/oauth/token", &[GRANT, ("client_id", "backend"), ("client_secret", BACKEND.1)]).await;
    assert_eq!((both.status, both.error()), (400, "invalid_request"));
    let other = app.form_as(BACKEND, "/oauth/token", &[GRANT, ("client_id", "backend-other")]).await;
    assert_eq!((other.status, other.error()), (400, "invalid_request"));
    let path = format!("/oauth/token?client_id=backend&client_secret={}", BACKEND.1);
    let in_uri = app.form(&path, &[GRANT]).await;
    assert!(in_uri.status == 400 || in_uri.status == 401, "{}", in_uri.status);
    let twice = app.http.post(app.url("/oauth/token")).form(&[GRANT]);
    let header = crate::support::basic(BACKEND.0, BACKEND.1);
    let twice = Answer::of(twice.header("authorization", &header).header("authorization", &header)).await;
    assert_eq!((twice.status, twice.error()), (400, "invalid_request"));
}

/// RFC 6749 §5.2
#[tokio::test]
async fn line_18_a_failure_is_401_with_a_challenge_and_tells_nothing() {
    let app = TestApp::start().await;
    let wrong = app.form_as(("backend", "wrong"), "/oauth/token", &[GRANT]).await;
    let unknown = app.form_as(("nobody", "wrong"), "/oauth/token", &[GRANT]).await;
    let none = app.form("/oauth/token", &[GRANT, ("client_id", "backend")]).await;
    for answer in [&wrong, &unknown, &none] {
        assert_eq!((answer.status, answer.error()), (401, "invalid_client"));
        assert!(answer.header("www-authenticate").starts_with("Basic realm="));
        assert_eq!(answer.text, wrong.text);
    }
    let public_with_secret = app.form_as(("native-app", "x"), "/oauth/token", &[("grant_type", "refresh_token")]).await;
    assert_eq!(public_with_secret.status, 401);
    for header in ["Basic", "Basic !!!", "Basic YQ==", "Bearer x", "Digest x"] {
        let request = app.request(Method::POST, "/oauth/token").header("authorization", header).form(&[GRANT]);
        assert_eq!(Answer::of(request).await.status, 401, "{header}");
    }
}

struct Assertion {
    key: jsonwebtoken::EncodingKey,
    client_id: String,
}

impl Assertion {
    async fn register(app: &TestApp) -> Self {
        let rng = aws_lc_rs::rand::SystemRandom::new();
        let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(algorithm, &rng).unwrap();
        let key = jsonwebtoken::EncodingKey::from_ec_der(pkcs8.as_ref());
        let jwk = jsonwebtoken::jwk::Jwk::from_encoding_key(&key, jsonwebtoken::Algorithm::ES256).unwrap();
        let registration = json!({
            "token_endpoint_auth_method": "private_key_jwt",
            "grant_types": ["client_credentials"],
            "scope": "pages:read",
            "jwks": {"keys": [jwk]},
        });
        let answer = Answer::of(app.http.post(app.url("/oauth/register")).json(&registration)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        Self { key, client_id: answer.member("client_id") }
    }

    fn sign(&self, claims: &Value) -> String {
        jsonwebtoken::encode(&jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256), claims, &self.key).unwrap()
    }

    fn claims(&self, app: &TestApp, jti: &str) -> Value {
        let now = app.clock.now();
        json!({"iss": self.client_id, "sub": self.client_id, "aud": app.base, "iat": now, "exp": now + 60, "jti": jti})
    }

    async fn send(&self, app: &TestApp, assertion: &str) -> Answer {
        let fields = [
            GRANT,
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
        ];
        app.form("/oauth/token", &fields).await
    }
}

/// RFC 7523 §3
#[tokio::test]
async fn a_signed_assertion_authenticates_once() {
    let app = TestApp::start().await;
    let client = Assertion::register(&app).await;
    let assertion = client.sign(&client.claims(&app, "one"));
    assert_eq!(client.send(&app, &assertion).await.status, 200);
    let replayed = client.send(&app, &assertion).await;
    assert_eq!((replayed.status, replayed.error()), (401, "invalid_client"));
}

/// RFC 7523 §3
#[tokio::test]
async fn an_assertion_for_somebody_else_for_too_long_or_by_another_key_is_refused() {
    let app = TestApp::start().await;
    let client = Assertion::register(&app).await;
    let other = Assertion::register(&app).await;
    let bent = |name: &str, value: Value| {
        let mut claims = client.claims(&app, name);
        claims[name] = value;
        client.sign(&claims)
    };
    let now = app.clock.now();
    let cases = [
        bent("aud", json!("https://elsewhere.example")),
        bent("iss", json!("backend")),
        bent("sub", json!(other.client_id)),
        bent("exp", json!(now - 60)),
        bent("exp", json!(now + 3600)),
        bent("nbf", json!(now + 600)),
        other.sign(&client.claims(&app, "by another key")),
        "x.y.z".to_owned(),
        format!("{}.{}.", base64url(r#"{"alg":"none"}"#), base64url(client.claims(&app, "none").to_string())),
    ];
    for assertion in cases {
        let answer = client.send(&app, &assertion).await;
        assert_eq!((answer.status, answer.error()), (401, "invalid_client"), "{assertion}");
    }
}
