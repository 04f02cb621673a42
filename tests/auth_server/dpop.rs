//! DPoP end to end: checklist line 40 (RFC 9449).

use crate::support::{ALICE, Answer, BACKEND, TestApp, base64url, claims, redemption};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::Method;
use serde_json::{Value, json};

/// A client's key.
struct Key {
    private: EncodingKey,
    public: Jwk,
}

impl Key {
    fn new() -> Self {
        let rng = aws_lc_rs::rand::SystemRandom::new();
        let algorithm = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = aws_lc_rs::signature::EcdsaKeyPair::generate_pkcs8(algorithm, &rng).unwrap();
        let private = EncodingKey::from_ec_der(pkcs8.as_ref());
        let public = Jwk::from_encoding_key(&private, Algorithm::ES256).unwrap();
        Self { private, public }
    }

    fn sign(&self, typ: &str, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.typ = Some(typ.to_owned());
        header.jwk = Some(self.public.clone());
        jsonwebtoken::encode(&header, claims, &self.private).unwrap()
    }

    /// A good proof, with these claims changed or (by null) removed.
    fn proof(&self, app: &TestApp, method: &str, path: &str, token: Option<&str>, changes: &Value) -> String {
        use std::sync::atomic::{AtomicU32, Ordering};
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let jti = format!("proof {}", COUNT.fetch_add(1, Ordering::Relaxed));
        let mut proof = json!({"jti": jti, "htm": method, "htu": app.url(path), "iat": app.clock.now()});
        if let Some(token) = token {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes());
            proof["ath"] = json!(base64url(digest.as_ref()));
        }
        for (name, value) in changes.as_object().expect("an object") {
            if value.is_null() {
                proof.as_object_mut().unwrap().remove(name);
            } else {
                proof[name] = value.clone();
            }
        }
        self.sign("dpop+jwt", &proof)
    }
}

async fn token_with(app: &TestApp, proof: &str, fields: &[(&str, &str)]) -> Answer {
    Answer::of(app.http.post(app.url("/oauth/token")).header("dpop", proof).form(fields)).await
}

async fn nonce(app: &TestApp, key: &Key) -> String {
    let proof = key.proof(app, "POST", "/oauth/token", None, &json!({}));
    let request = app.http.post(app.url("/oauth/token")).basic_auth(BACKEND.0, Some(BACKEND.1)).header("dpop", proof);
    let answer = Answer::of(request.form(&[("grant_type", "client_credentials")])).await;
    assert_eq!((answer.status, answer.error()), (400, "use_dpop_nonce"));
    answer.header("dpop-nonce").to_owned()
}

async fn bound_tokens(app: &TestApp, key: &Key) -> Answer {
    let code = app.code("native-app", "offline_access profile", ALICE, &[]).await;
    let proof = key.proof(app, "POST", "/oauth/token", None, &json!({"nonce": nonce(app, key).await}));
    let fields = redemption(&code);
    let answer = token_with(app, &proof, &fields).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

async fn profile(app: &TestApp, scheme: &str, token: &str, proof: Option<&str>) -> Answer {
    let mut request = app.get("/api/oauth/profile").header("authorization", format!("{scheme} {token}"));
    if let Some(proof) = proof {
        request = request.header("dpop", proof);
    }
    Answer::of(request).await
}

/// RFC 9449 §5, §6, §7.1
#[tokio::test]
async fn line_40_a_bound_token_opens_the_door_with_a_proof_and_only_so() {
    let app = TestApp::start().await;
    let key = Key::new();
    let tokens = bound_tokens(&app, &key).await;
    assert_eq!(tokens.member("token_type"), "DPoP");
    let token = tokens.member("access_token");
    assert!(claims(&token)["cnf"]["jkt"].is_string());
    let proof = key.proof(&app, "GET", "/api/oauth/profile", Some(&token), &json!({}));
    assert_eq!(profile(&app, "DPoP", &token, Some(&proof)).await.status, 200);

    let as_bearer = profile(&app, "Bearer", &token, None).await;
    assert_eq!((as_bearer.status, as_bearer.member("check")), (401, "dpop_binding".to_owned()));
    assert!(as_bearer.header("www-authenticate").starts_with("DPoP "));
    assert_eq!(profile(&app, "DPoP", &token, None).await.status, 401);
    let thief = Key::new().proof(&app, "GET", "/api/oauth/profile", Some(&token), &json!({}));
    assert_eq!(profile(&app, "DPoP", &token, Some(&thief)).await.member("check"), "dpop_bound_key");
}

/// RFC 9449 §11.1
#[tokio::test]
async fn line_40_a_proof_is_used_once() {
    let app = TestApp::start().await;
    let key = Key::new();
    let token = bound_tokens(&app, &key).await.member("access_token");
    let proof = key.proof(&app, "GET", "/api/oauth/profile", Some(&token), &json!({}));
    assert_eq!(profile(&app, "DPoP", &token, Some(&proof)).await.status, 200);
    let replayed = profile(&app, "DPoP", &token, Some(&proof)).await;
    assert_eq!((replayed.status, replayed.member("check")), (401, "dpop_replay".to_owned()));
    assert!(replayed.header("www-authenticate").contains("invalid_dpop_proof"));
}

/// RFC 9449 §4.3
#[tokio::test]
async fn line_40_method_url_time_and_token_hash_are_checked() {
    let app = TestApp::start().await;
    let key = Key::new();
    let token = bound_tokens(&app, &key).await.member("access_token");
    let now = app.clock.now();
    let cases = [
        (json!({"htm": "POST"}), "dpop_method"),
        (json!({"htu": app.url("/api/oauth/pages")}), "dpop_url"),
        (json!({"htu": "http://evil.example/api/oauth/profile"}), "dpop_url"),
        (json!({"iat": now - 61}), "dpop_fresh"),
        (json!({"iat": now + 31}), "dpop_fresh"),
        (json!({"ath": "AAAA"}), "dpop_token"),
        (json!({"ath": null}), "dpop_token"),
        (json!({"jti": ""}), "dpop_identifier"),
        (json!({"jti": null}), "dpop_claims"),
    ];
    for (changes, check) in cases {
        let proof = key.proof(&app, "GET", "/api/oauth/profile", Some(&token), &changes);
        let answer = profile(&app, "DPoP", &token, Some(&proof)).await;
        assert_eq!((answer.status, answer.member("check").as_str()), (401, check), "{changes}");
    }
    let good = json!({"jti": "x", "htm": "GET", "htu": app.url("/api/oauth/profile"), "iat": now});
    assert_eq!(profile(&app, "DPoP", &token, Some(&key.sign("JWT", &good))).await.member("check"), "dpop_type");
    let none = format!("{}.{}.", base64url(r#"{"alg":"none","typ":"dpop+jwt","jwk":{}}"#), base64url(good.to_string()));
    assert_eq!(profile(&app, "DPoP", &token, Some(&none)).await.member("check"), "dpop_algorithm");
}

/// RFC 9449 §5, §8
#[tokio::test]
async fn line_40_the_token_endpoint_hands_out_a_nonce_and_refuses_bad_proofs() {
    let app = TestApp::start().await;
    let key = Key::new();
    let nonce = nonce(&app, &key).await;
    let fields = [("grant_type", "client_credentials"), ("client_id", "backend"), ("client_secret", BACKEND.1)];
    let changes = [json!({"nonce": "old"}), json!({})];
    for change in changes {
        let proof = key.proof(&app, "POST", "/oauth/token", None, &change);
        assert_eq!(token_with(&app, &proof, &fields).await.error(), "use_dpop_nonce");
    }
    let proof = key.proof(&app, "GET", "/oauth/token", None, &json!({"nonce": nonce}));
    assert_eq!(token_with(&app, &proof, &fields).await.error(), "invalid_dpop_proof");
    assert_eq!(token_with(&app, "nonsense", &fields).await.error(), "invalid_dpop_proof");
    let proof = key.proof(&app, "POST", "/oauth/token", None, &json!({"nonce": nonce}));
    assert_eq!(token_with(&app, &proof, &fields).await.status, 200);
    assert_eq!(token_with(&app, &proof, &fields).await.error(), "invalid_dpop_proof", "it was used already");
    app.clock.advance(600);
    let proof = key.proof(&app, "POST", "/oauth/token", None, &json!({"nonce": nonce}));
    assert_eq!(token_with(&app, &proof, &fields).await.error(), "use_dpop_nonce", "a nonce ages");
}

/// RFC 9449 §5
#[tokio::test]
async fn line_40_the_refresh_token_of_a_public_client_is_bound_too() {
    let app = TestApp::start().await;
    let key = Key::new();
    let refresh = bound_tokens(&app, &key).await.member("refresh_token");
    let fields = [("grant_type", "refresh_token"), ("client_id", "native-app"), ("refresh_token", &*refresh)];
    assert_eq!(app.form("/oauth/token", &fields).await.error(), "invalid_dpop_proof");
    let thief = Key::new();
    let changes = json!({"nonce": nonce(&app, &key).await});
    let proof = thief.proof(&app, "POST", "/oauth/token", None, &changes);
    assert_eq!(token_with(&app, &proof, &fields).await.error(), "invalid_dpop_proof");
    let proof = key.proof(&app, "POST", "/oauth/token", None, &changes);
    assert_eq!(token_with(&app, &proof, &fields).await.member("token_type"), "DPoP");
}

/// RFC 9449 §10
#[tokio::test]
async fn line_40_a_code_that_was_bound_to_a_key_needs_its_proof() {
    let app = TestApp::start().await;
    let key = Key::new();
    let jkt = key.public.thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256).unwrap();
    let code = app.code("native-app", "pages:read", ALICE, &[("dpop_jkt", &jkt)]).await;
    let fields = redemption(&code);
    assert_eq!(app.form("/oauth/token", &fields).await.error(), "invalid_dpop_proof");
    let changes = json!({"nonce": nonce(&app, &key).await});
    let thief = Key::new().proof(&app, "POST", "/oauth/token", None, &changes);
    assert_eq!(token_with(&app, &thief, &fields).await.error(), "invalid_dpop_proof");
    let proof = key.proof(&app, "POST", "/oauth/token", None, &changes);
    assert_eq!(token_with(&app, &proof, &fields).await.status, 200);
}

/// RFC 9449 §7.1
#[tokio::test]
async fn line_40_a_token_that_is_not_bound_is_no_dpop_token() {
    let app = TestApp::start().await;
    let key = Key::new();
    let token = app.tokens("native-app", "profile", ALICE).await["access_token"].as_str().unwrap().to_owned();
    let proof = key.proof(&app, "GET", "/api/oauth/profile", Some(&token), &json!({}));
    assert_eq!(profile(&app, "DPoP", &token, Some(&proof)).await.member("check"), "dpop_binding");
    let userinfo = app.request(Method::GET, "/oauth/userinfo").header("authorization", format!("DPoP {token}"));
    assert_eq!(Answer::of(userinfo).await.status, 401);
}
