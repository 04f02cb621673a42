//! Demonstrating Proof of Possession: a proof per request, by a key that the token is bound to (RFC 9449 §4.3).
//! Verification for both servers; nonces are the authorization server's to hand out.

use crate::jose::{TokenRefused, Unverified, VerifyingKey, refused, sha256, thumbprint};
use crate::storage::Storage;
use crate::wire::base64url;
use crate::wire::claims::Confirmation;
use axum::http::{HeaderMap, HeaderName};
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

/// The header with the proof.
pub const HEADER: HeaderName = HeaderName::from_static("dpop");

/// How old a proof may be, in seconds. Its maker has a clock of its own.
const MAX_AGE: i64 = 60;
/// How far a proof's maker may be ahead, in seconds.
const MAX_AHEAD: i64 = 30;

/// The algorithms that proofs may use, as announced in the metadata.
pub const ALGORITHMS: [&str; 4] = ["ES256", "EdDSA", "PS256", "RS256"];

/// What a proof must fit.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The request's method.
    pub method: &'a str,
    /// The request's URL without query and fragment.
    pub url: &'a str,
    /// The access token that comes with it, at a resource server.
    pub access_token: Option<&'a str>,
    /// The present time.
    pub now: i64,
}

/// A proof that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The thumbprint of its key.
    pub jkt: String,
    /// The hash under which its identifier is remembered against replay.
    pub replay_hash: Vec<u8>,
    /// Until when it must be remembered.
    pub remember_until: i64,
    /// The server's nonce in it.
    pub nonce: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
    nonce: Option<String>,
}

/// Runs the checks of RFC 9449 §4.3 in their order.
///
/// # Errors
/// The first check that the proof does not pass.
pub fn verify(proof: &str, expected: Expected<'_>) -> Result<Proof, TokenRefused> {
    const SECTION: &str = "RFC 9449 §4.3";
    let refuse = |check: &'static str, detail: &'static str| Err(refused(check, SECTION, detail));
    let unverified = Unverified::parse(proof)?;
    unverified.check_type("dpop+jwt")?;
    let algorithm = match unverified.header.alg.as_str() {
        "ES256" => Algorithm::ES256,
        "EdDSA" => Algorithm::EdDSA,
        "PS256" => Algorithm::PS256,
        "RS256" => Algorithm::RS256,
        _ => return refuse("dpop_algorithm", "the proof's algorithm is not one of the announced asymmetric ones"),
    };
    let Some(own_key) = unverified.header.jwk.clone() else {
        return refuse("dpop_key", "the proof brings no key");
    };
    if ["d", "k", "p", "q"].iter().any(|private| own_key.get(private).is_some()) {
        return refuse("dpop_key", "the proof's key has a private part");
    }
    let unusable = refused("dpop_key", SECTION, "the proof's key is not usable");
    let own_key: Jwk = serde_json::from_value(own_key).map_err(|_| unusable.clone())?;
    let key = VerifyingKey::from_jwk(&own_key, algorithm).map_err(|_| unusable.clone())?;
    unverified.check_signature(&key)?;
    let claims: Claims = unverified.claims()?;
    if claims.htm != expected.method {
        return refuse("dpop_method", "htm is another method");
    }
    if !same_url(&claims.htu, expected.url) {
        return refuse("dpop_url", "htu is another URL");
    }
    if claims.iat < expected.now - MAX_AGE || claims.iat > expected.now + MAX_AHEAD {
        return refuse("dpop_fresh", "iat is not now");
    }
    match (expected.access_token, &claims.ath) {
        (None, _) => {}
        (Some(token), Some(hash)) if bool::from(base64url::encode(sha256(token)).as_bytes().ct_eq(hash.as_bytes())) => {
        }
        (Some(_), _) => return refuse("dpop_token", "ath is not the hash of the access token"),
    }
    if claims.jti.is_empty() || claims.jti.len() > 256 {
        return refuse("dpop_identifier", "jti is empty or longer than 256 bytes");
    }
    let jkt = thumbprint(&own_key).map_err(|_| unusable)?;
    let replay_hash = sha256(format!("dpop {jkt} {}", claims.jti));
    Ok(Proof { jkt, replay_hash, remember_until: claims.iat + MAX_AGE + MAX_AHEAD, nonce: claims.nonce })
}

/// RFC 9449 §4.3: compared after normalization, ignoring query and fragment.
fn same_url(given: &str, expected: &str) -> bool {
    // The URL parser is built for ASCII host names alone; a URI holds nothing else anyway (RFC 3986 §2).
    if !given.is_ascii() {
        return false;
    }
    let Ok(mut given) = url::Url::parse(given) else { return false };
    given.set_query(None);
    given.set_fragment(None);
    url::Url::parse(expected).is_ok_and(|expected| expected == given)
}

/// Checks at a resource that a token comes the way it was made: a bound one with a fresh proof by its key, any other
/// without the DPoP scheme (RFC 9449 §7.1–7.2).
///
/// # Errors
/// The first check that the request does not pass.
pub async fn check_binding(
    storage: &dyn Storage,
    headers: &HeaderMap,
    dpop_scheme: bool,
    binding: Option<&Confirmation>,
    expected: Expected<'_>,
) -> Result<(), TokenRefused> {
    const SECTION: &str = "RFC 9449 §7.1";
    let bound_to = match (binding, dpop_scheme) {
        (None, false) => return Ok(()),
        (None, true) => return Err(refused("dpop_binding", SECTION, "the token is not bound to a DPoP key")),
        (Some(_), false) => {
            return Err(refused("dpop_binding", SECTION, "the token is bound to a DPoP key; send it with its proof"));
        }
        (Some(bound_to), true) => bound_to,
    };
    let mut given = headers.get_all(HEADER).iter();
    let (Some(proof), None) = (given.next().and_then(|value| value.to_str().ok()), given.next()) else {
        return Err(refused("dpop_one", "RFC 9449 §4.3", "there is not exactly one DPoP header"));
    };
    let proof = verify(proof, expected)?;
    if proof.jkt != bound_to.jkt {
        return Err(refused("dpop_binding", SECTION, "the proof is by another key than the token's"));
    }
    match storage.use_identifier(&proof.replay_hash, proof.remember_until).await {
        Ok(true) => Ok(()),
        _ => Err(refused("dpop_replay", "RFC 9449 §11.1", "this proof was used already")),
    }
}

#[cfg(test)]
mod tests {
    use super::same_url;

    #[test]
    fn urls_are_compared_without_query_and_default_port() {
        assert!(same_url("https://a.example/x?y=1#z", "https://a.example/x"));
        assert!(same_url("HTTPS://A.example:443/x", "https://a.example/x"));
        assert!(!same_url("https://a.example/y", "https://a.example/x"));
        assert!(!same_url("http://a.example/x", "https://a.example/x"));
        assert!(!same_url("nonsense", "https://a.example/x"));
        assert!(!same_url("https://Aé.example/x", "https://a.example/x"));
    }
}
