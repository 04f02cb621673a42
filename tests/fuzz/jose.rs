//! Compact tokens, their headers and claims, and JWK sets (RFC 7515, RFC 7517, RFC 7519).

use crate::mutation::{bytes_near, object_near, text_near};
use crate::runner::fuzz;
use crate::support::base64url;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use three_keys::clock::Clock;
use three_keys::jose::{SigningAlgorithm, SigningKey, Unverified, VerifyingKey, VerifyingKeys, thumbprint, verify};
use three_keys::resource_server::remote_keys::RemoteKeys;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// A key of the issuer's that signs whatever it is given.
pub struct Key {
    pub signing: SigningKey,
    pub private: EncodingKey,
}

impl Key {
    pub fn new() -> Self {
        let stored = SigningKey::generate(SigningAlgorithm::ES256, 0).expect("a key");
        let private = EncodingKey::from_ec_der(&stored.pkcs8);
        Self { signing: SigningKey::read(&stored).expect("a key"), private }
    }

    /// A compact token with this header and these claims, whatever they are.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        signed(header, claims, &self.private, Algorithm::ES256)
    }
}

fn signed(header: &str, claims: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message = format!("{}.{}", base64url(header), base64url(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).expect("a signature");
    format!("{message}.{signature}")
}

struct Issuer(String, Arc<VerifyingKey>);

impl VerifyingKeys for Issuer {
    fn find(&self, kid: &str) -> Option<Arc<VerifyingKey>> {
        (kid == self.0).then(|| self.1.clone())
    }
}

impl Issuer {
    fn of(key: &Key) -> Self {
        Self(key.signing.kid.clone(), Arc::new(key.signing.verifying().expect("a key")))
    }

    fn accepts(&self, token: &str) -> bool {
        let accepted = verify::<Value>(token, "at+jwt", self).is_ok();
        assert_eq!(verify::<Value>(token, "at+jwt", self).is_ok(), accepted, "the same token, another answer");
        accepted
    }
}

const HEADERS: [&str; 14] =
    ["alg", "kid", "typ", "crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "cty", "enc", "ALG", "x5t"];

fn header(kid: &str) -> Value {
    json!({"alg": "ES256", "kid": kid, "typ": "at+jwt"})
}

const CLAIMS: [&str; 10] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "scope", "cnf", "client_id"];

fn claims() -> Value {
    json!({"iss": "https://keys.example", "sub": "a", "aud": ["x"], "exp": 1, "jti": "1", "scope": "pages:read"})
}

#[test]
fn a_token_is_accepted_only_byte_for_byte_as_it_was_signed() {
    let key = Key::new();
    let issuer = Issuer::of(&key);
    let token = key.sign(&header(&key.signing.kid).to_string(), &claims().to_string());
    fuzz("compact JWS", &text_near([token.clone()], &[".", "=", "e30", "A", "-", "_"]), |text| {
        prop_assert_eq!(issuer.accepts(&text), text == token);
        Ok(())
    });
}

#[test]
fn a_signed_token_is_accepted_only_with_a_header_that_the_rules_allow() {
    let key = Key::new();
    let issuer = Issuer::of(&key);
    let inputs = (object_near(header(&key.signing.kid), &HEADERS), object_near(claims(), &CLAIMS));
    assert!(issuer.accepts(&key.sign(&header(&key.signing.kid).to_string(), &claims().to_string())));
    fuzz("JOSE header and claims", &inputs, |(header, claims)| {
        if issuer.accepts(&key.sign(&header, &claims)) {
            // What nests too deep for this reader nests in a member that nobody reads.
            let Ok(header) = serde_json::from_str::<Value>(&header) else { return Ok(()) };
            prop_assert_eq!(&header["alg"], "ES256");
            prop_assert_eq!(&header["kid"], &json!(key.signing.kid));
            let typ = header["typ"].as_str().unwrap_or_default().to_ascii_lowercase();
            prop_assert!(["at+jwt", "application/at+jwt"].contains(&typ.as_str()));
            for refused in ["crit", "jwk", "jku", "x5u", "x5c"] {
                prop_assert!(header[refused].is_null(), "{}", refused);
            }
        }
        Ok(())
    });
}

#[test]
fn nobody_elses_signature_opens_anything() {
    let (key, other) = (Key::new(), Key::new());
    let issuer = Issuer::of(&key);
    // The well-known confusion: the public key, which everybody has, taken as the secret of a MAC.
    let public = serde_json::to_vec(&key.signing.public).expect("JSON");
    let mac = EncodingKey::from_secret(&public);
    let inputs = (object_near(header(&key.signing.kid), &HEADERS), object_near(claims(), &CLAIMS));
    fuzz("foreign signatures", &inputs, |(header, claims)| {
        prop_assert!(!issuer.accepts(&other.sign(&header, &claims)));
        prop_assert!(!issuer.accepts(&signed(&header, &claims, &mac, Algorithm::HS256)));
        let unsigned = format!("{}.{}.", base64url(&header), base64url(&claims));
        prop_assert!(!issuer.accepts(&unsigned));
        Ok(())
    });
}

const OF_KEYS: [&str; 16] =
    ["kty", "crv", "x", "y", "n", "e", "k", "d", "use", "key_ops", "alg", "kid", "x5c", "x5u", "x5t", "KTY"];
const ALGORITHMS: [Algorithm; 6] =
    [Algorithm::ES256, Algorithm::RS256, Algorithm::PS256, Algorithm::EdDSA, Algorithm::HS256, Algorithm::ES384];

#[test]
fn a_jwk_set_gives_only_keys_that_are_what_they_say() {
    let key = Key::new();
    let token = key.sign(&header(&key.signing.kid).to_string(), "{}");
    let stored = SigningKey::generate(SigningAlgorithm::RS256, 0).expect("a key");
    let rsa = SigningKey::read(&stored).expect("a key").public;
    let elliptic = serde_json::to_value(&key.signing.public).expect("JSON");
    let edwards = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let own = elliptic.clone();
    let inputs = prop_oneof![
        object_near(elliptic, &OF_KEYS),
        object_near(serde_json::to_value(&rsa).expect("JSON"), &OF_KEYS),
        object_near(edwards, &OF_KEYS),
    ];
    let set = (proptest::collection::vec(inputs, 0..3), text_near([r#"{"keys":[KEYS]}"#], &["[", "{", "\"keys\":"]))
        .prop_map(|(keys, frame)| frame.replace("KEYS", &keys.join(",")));
    fuzz("JWK set", &set, |document| {
        let Ok(set) = serde_json::from_str::<JwkSet>(&document) else { return Ok(()) };
        for jwk in &set.keys {
            check_key(jwk, &own, &token)?;
        }
        Ok(())
    });
}

fn check_key(jwk: &Jwk, own: &Value, token: &str) -> Result<(), TestCaseError> {
    let written = serde_json::to_value(jwk).expect("JSON");
    for algorithm in ALGORITHMS {
        let Ok(key) = VerifyingKey::from_jwk(jwk, algorithm) else { continue };
        let kind = match algorithm {
            Algorithm::ES256 => ("EC", Some("P-256")),
            Algorithm::EdDSA => ("OKP", Some("Ed25519")),
            Algorithm::RS256 | Algorithm::PS256 => ("RSA", None),
            other => return Err(TestCaseError::fail(format!("a key for {other:?}"))),
        };
        prop_assert_eq!((written["kty"].as_str().unwrap_or_default(), written["crv"].as_str()), kind);
        let name = format!("{algorithm:?}");
        prop_assert!(written["alg"].is_null() || written["alg"] == name);
        prop_assert!(written["use"].is_null() || written["use"] == "sig");
        let named = thumbprint(jwk).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(!named.is_empty());
        let fits = Unverified::parse(token).is_ok_and(|token| token.check_signature(&key).is_ok());
        let is_own = ["x", "y"].iter().all(|name| written[name] == own[name]) && algorithm == Algorithm::ES256;
        prop_assert_eq!(fits, is_own);
    }
    Ok(())
}

/// Serves one document to whoever asks, and asks for it as a resource server does that runs apart from its issuer.
#[test]
fn any_answer_of_an_issuer_is_a_key_set_or_none() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
    let url = format!("http://{}/jwks", listener.local_addr().expect("an address"));
    let served = Arc::new(Mutex::new(Vec::new()));
    runtime.spawn({
        let served = served.clone();
        async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let mut request = [0; 2048];
                let _ = connection.read(&mut request).await;
                let document: Vec<u8> = served.lock().expect("the document").clone();
                let head =
                    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", document.len());
                // Whoever asked may have gone.
                let _ = connection.write_all(&[head.as_bytes(), &document].concat()).await;
            }
        }
    });
    let key = Key::new();
    let published = serde_json::to_value(&key.signing.public).expect("JSON");
    let kid = key.signing.kid.clone();
    let own = published.clone();
    let set = object_near(published, &OF_KEYS).prop_map(|key| format!(r#"{{"keys":[{key}]}}"#));
    let inputs = set.prop_flat_map(|set| bytes_near([set], &["[", "{", "\"keys\":", "\"kid\":\"\",", "null"]));
    fuzz("answer with a JWK set", &inputs, |document| {
        served.lock().expect("the document").clone_from(&document.0);
        let keys = RemoteKeys::new(url.as_str(), Clock::at(0)).expect("a client");
        runtime.block_on(keys.look_for(&kid));
        if let Some(found) = keys.find(&kid) {
            let set: Value = serde_json::from_slice(&document.0).expect("JSON");
            let set = set["keys"].as_array().expect("keys");
            prop_assert!(set.iter().any(|key| key["kid"] == json!(kid)));
            let token = key.sign(&header(&kid).to_string(), "{}");
            let fits = Unverified::parse(&token).is_ok_and(|token| token.check_signature(&found).is_ok());
            let is_own = |jwk: &Value| ["x", "y"].iter().all(|name| jwk[name] == own[name]);
            prop_assert_eq!(fits, set.iter().any(is_own));
        }
        Ok(())
    });
}
