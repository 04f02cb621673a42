//! The browser's own cryptography (W3C Web Cryptography): hashes, signatures and their keys. None of it is made here.

use crate::wire::base64url;
use js_sys::{JSON, Object, Uint8Array};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, CryptoKeyPair, SubtleCrypto};

/// Why there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CryptoError {
    /// Browsers offer their cryptography to secure contexts only: HTTPS and loopback.
    #[error("this browser offers no cryptography here: the page came neither over HTTPS nor from this machine")]
    Unavailable,
    /// No algorithm of that name.
    #[error("the algorithm is none that can be verified here")]
    UnknownAlgorithm,
    /// The key is no such key, or of another kind than the algorithm needs.
    #[error("the key cannot be used: {0}")]
    Key(&'static str),
    /// The browser gave up.
    #[error("the browser could not do it")]
    Failed,
}

/// What a signature is verified with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum VerifyingKey {
    /// A public key, or a symmetric one, as a JWK (RFC 7517).
    Jwk(Value),
    /// A public key as PEM (SubjectPublicKeyInfo, RFC 5280 §4.1).
    Pem(String),
    /// A shared secret.
    Secret(Vec<u8>),
}

/// What a token is signed with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signer<'a> {
    /// With ES256.
    Pair(&'a KeyPair),
    /// With HS256.
    Secret(&'a [u8]),
    /// Not at all: the third part stays empty (RFC 7518 §3.6).
    Nothing,
}

/// A key pair for ES256, fresh from this browser.
#[derive(Debug, Clone)]
pub(crate) struct KeyPair {
    private: CryptoKey,
    public_jwk: Value,
}

impl KeyPair {
    /// Makes a new one.
    pub(crate) async fn generate() -> Result<Self, CryptoError> {
        let subtle = subtle()?;
        let usages = json(r#"["sign","verify"]"#)?;
        let making = subtle.generate_key_with_object(&parameters("ES256")?, true, &usages);
        let pair: CryptoKeyPair = done(making).await?.unchecked_into();
        let jwk = done(subtle.export_key("jwk", &pair.get_public_key())).await?;
        let text = JSON::stringify(&jwk).ok().and_then(|text| text.as_string()).ok_or(CryptoError::Failed)?;
        let mut public_jwk: Value = serde_json::from_str(&text).map_err(|_| CryptoError::Failed)?;
        if let Value::Object(members) = &mut public_jwk {
            members.retain(|name, _| matches!(name.as_str(), "kty" | "crv" | "x" | "y"));
        }
        Ok(KeyPair { private: pair.get_private_key(), public_jwk })
    }

    /// The public half: `kty`, `crv`, `x` and `y`.
    pub(crate) fn public_jwk(&self) -> &Value {
        &self.public_jwk
    }

    /// The signature as JWS writes it: both numbers, 32 bytes each (RFC 7518 §3.4).
    pub(crate) async fn sign(&self, data: &[u8]) -> Result<Vec<u8>, CryptoError> {
        sign("ES256", &self.private, data).await
    }
}

/// SHA-256.
pub(crate) async fn sha256(data: &[u8]) -> Result<Vec<u8>, CryptoError> {
    done(subtle()?.digest_with_str_and_u8_array("SHA-256", data)).await.map(bytes)
}

/// HMAC with SHA-256 (RFC 2104). An empty secret is none: browsers refuse it.
pub(crate) async fn hmac_sha256(secret: &[u8], data: &[u8]) -> Result<Vec<u8>, CryptoError> {
    let key = import("raw", &Uint8Array::from(secret), "HS256", "sign").await?;
    sign("HS256", &key, data).await
}

/// Whether the signature is that key's, under the JWS algorithm `alg` (RFC 7518 §3.1, RFC 8037, RFC 9864). The caller
/// chooses the algorithm; a key of another kind is refused.
pub(crate) async fn verify(
    alg: &str,
    key: &VerifyingKey,
    signing_input: &[u8],
    signature: &[u8],
) -> Result<bool, CryptoError> {
    let algorithm = parameters(alg)?;
    let key = match key {
        VerifyingKey::Jwk(jwk) => import("jwk", &json(&public_part(alg, jwk)?)?, alg, "verify").await?,
        VerifyingKey::Pem(_) if kty(alg) == "oct" => {
            return Err(CryptoError::Key("a public key is no shared secret"));
        }
        VerifyingKey::Pem(pem) => import("spki", &Uint8Array::from(&*spki(pem)?), alg, "verify").await?,
        VerifyingKey::Secret(_) if kty(alg) != "oct" => {
            return Err(CryptoError::Key("this algorithm needs a public key, not a shared secret"));
        }
        VerifyingKey::Secret(secret) => import("raw", &Uint8Array::from(&**secret), alg, "verify").await?,
    };
    let verifying = subtle()?.verify_with_object_and_u8_array_and_u8_array(&algorithm, &key, signature, signing_input);
    done(verifying).await.map(|verdict| verdict.is_truthy())
}

/// The key's SHA-256 thumbprint (RFC 7638), base64url.
pub(crate) async fn thumbprint(jwk: &Value) -> Result<String, CryptoError> {
    let required: &[&str] = match jwk["kty"].as_str() {
        Some("EC") => &["crv", "kty", "x", "y"],
        Some("OKP") => &["crv", "kty", "x"],
        Some("RSA") => &["e", "kty", "n"],
        Some("oct") => &["k", "kty"],
        _ => return Err(CryptoError::Key("its kind (kty) is unknown")),
    };
    let mut text = String::from("{");
    for name in required {
        let value = &jwk[*name];
        if !value.is_string() {
            return Err(CryptoError::Key("a member that its kind needs is missing"));
        }
        text.push_str(if text.len() == 1 { "\"" } else { ",\"" });
        text.push_str(name);
        text.push_str("\":");
        text.push_str(&value.to_string());
    }
    text.push('}');
    sha256(text.as_bytes()).await.map(base64url::encode)
}

/// A compact JWS (RFC 7515 §7.1). The header is signed as it stands, whatever algorithm it names.
pub(crate) async fn sign_compact(header: &Value, claims: &Value, signer: Signer<'_>) -> Result<String, CryptoError> {
    let mut token = base64url::encode(header.to_string());
    token.push('.');
    token.push_str(&base64url::encode(claims.to_string()));
    let signature = match signer {
        Signer::Pair(pair) => pair.sign(token.as_bytes()).await?,
        Signer::Secret(secret) => hmac_sha256(secret, token.as_bytes()).await?,
        Signer::Nothing => Vec::new(),
    };
    token.push('.');
    token.push_str(&base64url::encode(signature));
    Ok(token)
}

/// The kind of key (`kty`) that an algorithm needs.
fn kty(alg: &str) -> &'static str {
    match alg.get(..2) {
        Some("HS") => "oct",
        Some("RS" | "PS") => "RSA",
        Some("ES") => "EC",
        _ => "OKP",
    }
}

/// The same algorithm in the browser's terms. One object serves for making, importing, signing and verifying: each of
/// them looks only at the members it knows.
fn parameters(alg: &str) -> Result<Object, CryptoError> {
    let name = match (alg, alg.get(..2)) {
        ("EdDSA" | "Ed25519", _) => return json(r#"{"name":"Ed25519"}"#),
        (_, Some("HS")) => "HMAC",
        (_, Some("RS")) => "RSASSA-PKCS1-v1_5",
        (_, Some("PS")) => "RSA-PSS",
        (_, Some("ES")) => "ECDSA",
        _ => return Err(CryptoError::UnknownAlgorithm),
    };
    let (hash, salt, curve) = match alg.get(2..) {
        Some("256") => ("256", "32", "256"),
        Some("384") => ("384", "48", "384"),
        Some("512") => ("512", "64", "521"),
        _ => return Err(CryptoError::UnknownAlgorithm),
    };
    json(&format!(r#"{{"name":"{name}","hash":"SHA-{hash}","saltLength":{salt},"namedCurve":"P-{curve}"}}"#))
}

/// The JWK without its private half, which nobody needs to verify; refused where it is of another kind than `alg` needs.
fn public_part(alg: &str, jwk: &Value) -> Result<String, CryptoError> {
    let members = jwk.as_object().ok_or(CryptoError::Key("a JWK is a JSON object"))?;
    if members.get("kty").and_then(Value::as_str) != Some(kty(alg)) {
        return Err(CryptoError::Key("its kind (kty) is not the one that the algorithm needs"));
    }
    if members.get("alg").and_then(Value::as_str).is_some_and(|own| own != alg && kty(alg) != "OKP") {
        return Err(CryptoError::Key("it names another algorithm (alg) that it may be used with"));
    }
    let mut public = members.clone();
    public.retain(|name, _| !matches!(name.as_str(), "d" | "p" | "q" | "dp" | "dq" | "qi" | "oth" | "key_ops" | "ext"));
    Ok(Value::Object(public).to_string())
}

/// The bytes of a public key in PEM (RFC 7468 §13).
fn spki(pem: &str) -> Result<Vec<u8>, CryptoError> {
    let body = pem.trim().strip_prefix("-----BEGIN PUBLIC KEY-----");
    let body = body.and_then(|rest| rest.strip_suffix("-----END PUBLIC KEY-----"));
    let body = body.ok_or(CryptoError::Key("it does not stand between BEGIN PUBLIC KEY and END PUBLIC KEY"))?;
    let letters: String = body.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    base64url::decode_standard(&letters).ok_or(CryptoError::Key("what stands between its lines is no Base64"))
}

async fn import(format: &str, data: &Object, alg: &str, usage: &str) -> Result<CryptoKey, CryptoError> {
    let usages = js_sys::Array::of1(&JsValue::from_str(usage));
    let importing = subtle()?.import_key_with_object(format, data, &parameters(alg)?, false, &usages);
    match done(importing).await {
        Ok(key) => Ok(key.unchecked_into()),
        Err(_) => Err(CryptoError::Key("the browser refuses it as a key for this algorithm")),
    }
}

async fn sign(alg: &str, key: &CryptoKey, data: &[u8]) -> Result<Vec<u8>, CryptoError> {
    done(subtle()?.sign_with_object_and_u8_array(&parameters(alg)?, key, data)).await.map(bytes)
}

fn subtle() -> Result<SubtleCrypto, CryptoError> {
    let crypto = web_sys::window().and_then(|window| window.crypto().ok()).ok_or(CryptoError::Unavailable)?;
    let subtle = crypto.subtle();
    if subtle.is_undefined() { Err(CryptoError::Unavailable) } else { Ok(subtle) }
}

/// What the browser promised.
async fn done(promise: Result<js_sys::Promise, JsValue>) -> Result<JsValue, CryptoError> {
    JsFuture::from(promise.map_err(|_| CryptoError::Failed)?).await.map_err(|_| CryptoError::Failed)
}

fn bytes(buffer: JsValue) -> Vec<u8> {
    Uint8Array::new(&buffer).to_vec()
}

fn json(text: &str) -> Result<Object, CryptoError> {
    JSON::parse(text).map(JsCast::unchecked_into).map_err(|_| CryptoError::Failed)
}
