//! Demonstrating Proof of Possession: a proof per request, by a key that the token is bound to (RFC 9449 §4.3).
//! Verification for both servers; nonces are the authorization server's to hand out.

use crate::checks::{Check, Refused, Trace};
use crate::jose::{Unverified, VerifyingKey, sha256, thumbprint};
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

/// A token comes the way it was made: a bound one under the DPoP scheme, any other under Bearer.
pub static BINDING: Check = Check::new("dpop_binding", 9449, "7.1");
/// A request brings one proof.
pub static ONE: Check = Check::new("dpop_one", 9449, "4.3");
static WELL_FORMED: Check = Check::new("dpop_well_formed", 9449, "4.2");
static TYPE: Check = Check::new("dpop_type", 9449, "4.2");
static ALGORITHM: Check = Check::new("dpop_algorithm", 9449, "4.3");
static KEY: Check = Check::new("dpop_key", 9449, "4.3");
static SIGNATURE: Check = Check::new("dpop_signature", 9449, "4.3");
static CLAIMS: Check = Check::new("dpop_claims", 9449, "4.2");
static METHOD: Check = Check::new("dpop_method", 9449, "4.3");
static URL: Check = Check::new("dpop_url", 9449, "4.3");
static FRESH: Check = Check::new("dpop_fresh", 9449, "11.1");
static TOKEN: Check = Check::new("dpop_token", 9449, "4.3");
static IDENTIFIER: Check = Check::new("dpop_identifier", 9449, "4.2");
static BOUND_KEY: Check = Check::new("dpop_bound_key", 9449, "6");
/// A proof is used once.
pub static REPLAY: Check = Check::new("dpop_replay", 9449, "11.1");
/// The authorization server's nonce is in it.
pub static NONCE: Check = Check::new("dpop_nonce", 9449, "8");

/// What [`check_binding`] checks, in its order.
pub static CHECKS: [&Check; 15] = [
    &BINDING,
    &ONE,
    &WELL_FORMED,
    &TYPE,
    &ALGORITHM,
    &KEY,
    &SIGNATURE,
    &CLAIMS,
    &METHOD,
    &URL,
    &FRESH,
    &TOKEN,
    &IDENTIFIER,
    &BOUND_KEY,
    &REPLAY,
];

/// What the authorization server checks, in its order, of a proof that comes without an access token.
pub static PROOF_CHECKS: [&Check; 13] = [
    &ONE,
    &WELL_FORMED,
    &TYPE,
    &ALGORITHM,
    &KEY,
    &SIGNATURE,
    &CLAIMS,
    &METHOD,
    &URL,
    &FRESH,
    &IDENTIFIER,
    &NONCE,
    &REPLAY,
];

/// Whether the check looks at the proof itself, and not at what the token is bound to (RFC 9449 §7.1).
pub fn is_about_the_proof(check: &Check) -> bool {
    CHECKS.contains(&check) && ![&BINDING, &BOUND_KEY].contains(&check)
}

/// Runs the checks of RFC 9449 §4.3 in their order.
///
/// # Errors
/// The first check that the proof does not pass.
pub fn verify(proof: &str, expected: Expected<'_>, trace: &mut Trace) -> Result<Proof, Refused> {
    let as_proof = |check: &'static Check| move |refused: Refused| check.refuse(refused.detail);
    let unverified = trace.check(&WELL_FORMED, || {
        let unverified = Unverified::parse(proof).map_err(as_proof(&WELL_FORMED))?;
        unverified.check_critical_headers().map_err(as_proof(&WELL_FORMED))?;
        Ok(unverified)
    })?;
    trace.check(&TYPE, || unverified.check_type("dpop+jwt").map_err(as_proof(&TYPE)))?;
    let algorithm = trace.check(&ALGORITHM, || match unverified.header.alg.as_str() {
        "ES256" => Ok(Algorithm::ES256),
        "EdDSA" => Ok(Algorithm::EdDSA),
        "PS256" => Ok(Algorithm::PS256),
        "RS256" => Ok(Algorithm::RS256),
        _ => Err(ALGORITHM.refuse("the proof's algorithm is not one of the announced asymmetric ones")),
    })?;
    let (key, jkt) = trace.check(&KEY, || own_key(&unverified, algorithm))?;
    trace.check(&SIGNATURE, || unverified.check_signature(&key).map_err(as_proof(&SIGNATURE)))?;
    let claims: Claims = trace.check(&CLAIMS, || unverified.claims().map_err(as_proof(&CLAIMS)))?;
    let mut must = |check: &'static Check, holds: bool, detail| {
        trace.check(check, || if holds { Ok(()) } else { Err(check.refuse(detail)) })
    };
    must(&METHOD, claims.htm == expected.method, "htm is another method")?;
    must(&URL, same_url(&claims.htu, expected.url), "htu is another URL")?;
    let fresh = (expected.now - MAX_AGE..=expected.now + MAX_AHEAD).contains(&claims.iat);
    must(&FRESH, fresh, "iat is not now")?;
    if let Some(token) = expected.access_token {
        let fits = claims
            .ath
            .is_some_and(|hash| bool::from(base64url::encode(sha256(token)).as_bytes().ct_eq(hash.as_bytes())));
        must(&TOKEN, fits, "ath is not the hash of the access token")?;
    }
    must(&IDENTIFIER, (1..=256).contains(&claims.jti.len()), "jti is empty or longer than 256 bytes")?;
    let replay_hash = sha256(format!("dpop {jkt} {}", claims.jti));
    Ok(Proof { jkt, replay_hash, remember_until: claims.iat + MAX_AGE + MAX_AHEAD, nonce: claims.nonce })
}

/// The public key that the proof brings, and its thumbprint.
fn own_key(unverified: &Unverified<'_>, algorithm: Algorithm) -> Result<(VerifyingKey, String), Refused> {
    const UNUSABLE: Refused = KEY.refuse("the proof's key is not usable");
    let own_key = unverified.header.jwk.clone().ok_or(KEY.refuse("the proof brings no key"))?;
    if ["d", "k", "p", "q"].iter().any(|private| own_key.get(private).is_some()) {
        return Err(KEY.refuse("the proof's key has a private part"));
    }
    let own_key: Jwk = serde_json::from_value(own_key).map_err(|_| UNUSABLE)?;
    let key = VerifyingKey::from_jwk(&own_key, algorithm).map_err(|_| UNUSABLE)?;
    Ok((key, thumbprint(&own_key).map_err(|_| UNUSABLE)?))
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
    trace: &mut Trace,
) -> Result<(), Refused> {
    let bound_to = trace.check(&BINDING, || match (binding, dpop_scheme) {
        (None, false) => Ok(None),
        (None, true) => Err(BINDING.refuse("the token is not bound to a DPoP key")),
        (Some(_), false) => Err(BINDING.refuse("the token is bound to a DPoP key; send it with its proof")),
        (Some(bound_to), true) => Ok(Some(bound_to)),
    })?;
    let Some(bound_to) = bound_to else { return Ok(()) };
    let proof = trace.check(&ONE, || {
        let mut given = headers.get_all(HEADER).iter();
        match (given.next().and_then(|value| value.to_str().ok()), given.next()) {
            (Some(proof), None) => Ok(proof),
            _ => Err(ONE.refuse("there is not exactly one DPoP header")),
        }
    })?;
    let proof = verify(proof, expected, trace)?;
    trace.check(&BOUND_KEY, || {
        let same = proof.jkt == bound_to.jkt;
        if same { Ok(()) } else { Err(BOUND_KEY.refuse("the proof is by another key than the token's")) }
    })?;
    let started = trace.start();
    let is_new = matches!(storage.use_identifier(&proof.replay_hash, proof.remember_until).await, Ok(true));
    trace.finish(&REPLAY, started, is_new);
    if is_new { Ok(()) } else { Err(REPLAY.refuse("this proof was used already")) }
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
