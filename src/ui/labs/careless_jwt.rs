//! The careless JWT verifier: the browser's own cryptography, and one flaw.

use super::careless::{Expected, Flaw, look_at_claims};
use crate::ui::oauth::Failure;
use crate::ui::web_crypto::{self, VerifyingKey};
use crate::wire::base64url;
use crate::wire::jwt::decode_unverified;
use serde_json::Value;

/// Lets somebody in, or says why not.
///
/// # Errors
/// Why nobody is let in.
pub(super) async fn verify(
    token: &str,
    flaw: Flaw,
    jwks: &Value,
    public_key_text: &str,
    expected: &Expected<'_>,
) -> Result<String, String> {
    let decoded = decode_unverified(token).ok_or("It noticed: this is no JWT.")?;
    let (input, signature) = token.rsplit_once('.').ok_or("It noticed: this is no JWT.")?;
    let signature = base64url::decode(signature).unwrap_or_default();
    let named = decoded.header["alg"].as_str().unwrap_or_default();
    let known = jwks["keys"].as_array().into_iter().flatten().find(|key| key["kid"] == decoded.header["kid"]);
    let (alg, key) = match (flaw, known) {
        (Flaw::BelievesTheClaims, _) => return look_at_claims(&decoded, flaw, expected),
        // A verify(key, algorithm from the token): what is not signed needs no key, and an HMAC takes any bytes for one.
        (Flaw::BelievesTheAlgorithm, _) if named == "none" => return look_at_claims(&decoded, flaw, expected),
        (Flaw::BelievesTheAlgorithm, _) if named == "HS256" => {
            ("HS256", VerifyingKey::Secret(public_key_text.as_bytes().to_vec()))
        }
        (Flaw::BelievesTheKey, _) if decoded.header["jwk"].is_object() => {
            ("ES256", VerifyingKey::Jwk(decoded.header["jwk"].clone()))
        }
        (_, Some(key)) => ("ES256", VerifyingKey::Jwk(key.clone())),
        (_, None) => return Err("It noticed: the key is unknown.".to_owned()),
    };
    match web_crypto::verify(alg, &key, input.as_bytes(), &signature).await {
        Ok(true) => look_at_claims(&decoded, flaw, expected),
        Ok(false) => Err("It noticed: the signature does not fit.".to_owned()),
        Err(error) => Err(format!("It gave up: {error}.")),
    }
}

/// The server's public keys, as everybody may fetch them.
///
/// # Errors
/// When they cannot be had.
pub(super) async fn keys(url: &str) -> Result<Value, Failure> {
    Ok(crate::ui::client::call("GET", url, &[("Accept", "application/json")], None).await?.json())
}
