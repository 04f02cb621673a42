//! The issuer's public keys over HTTP (RFC 7517 §5, RFC 8414 `jwks_uri`), for a resource server that runs apart from
//! its authorization server. The same seam as the keys of this process: [`VerifyingKeys`].
//!
//! Keys are kept and looked for again when they are old or a token names one that is not known. Anybody can name a key
//! that does not exist, so that happens at most every few seconds, once for all calls that wait. While the issuer can't
//! be reached the kept keys stay good for a while, and not for ever: a key that it withdrew must end here too.

use crate::auth_server::keys::JWKS_LIFETIME;
use crate::clock::Clock;
use crate::jose::{VerifyingKey, VerifyingKeys};
use async_trait::async_trait;
use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// The shortest time between two fetches, in seconds.
const PAUSE: i64 = 5;
/// How long keys stay good that could not be fetched again, in seconds.
const STALE_AFTER: i64 = 3600;
/// The largest document that is read, in bytes.
const MAX_DOCUMENT: usize = 256 * 1024;
/// The most keys that are kept.
const MAX_KEYS: usize = 100;
/// How long the issuer may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Why the keys could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The issuer did not answer as it should.
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    /// The answer is no JWKS, or has no key that can be used.
    #[error("the answer is no JSON Web Key Set with a signing key that is supported")]
    Document,
    /// The answer is too large.
    #[error("the answer is larger than {MAX_DOCUMENT} bytes")]
    TooLarge,
}

/// Keys from elsewhere.
pub struct RemoteKeys {
    url: String,
    http: reqwest::Client,
    clock: Clock,
    known: RwLock<Arc<Known>>,
    /// Held while the keys are fetched: whoever waits for it finds the new ones. Holds when that was tried last.
    fetching: tokio::sync::Mutex<Option<i64>>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Arc<VerifyingKey>>,
    /// When they were fetched.
    at: Option<i64>,
}

impl RemoteKeys {
    /// Keys from that URL, none of which is known yet.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(url: impl Into<String>, clock: Clock) -> Result<Self, FetchError> {
        // The host may have installed it already; it is the same one.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        // Who can be made to fetch must not be sent elsewhere by the answer.
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { url: url.into(), http, clock, known: RwLock::default(), fetching: tokio::sync::Mutex::default() })
    }

    fn known(&self) -> Arc<Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the key is missing, or what is known is old.
    fn must_look_for(&self, kid: &str) -> bool {
        let known = self.known();
        !known.keys.contains_key(kid) || known.at.is_none_or(|at| self.clock.now() >= at + JWKS_LIFETIME)
    }

    async fn fetch(&self) -> Result<HashMap<String, Arc<VerifyingKey>>, FetchError> {
        let mut response = self.http.get(&self.url).send().await?.error_for_status()?;
        let mut document = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if document.len() + chunk.len() > MAX_DOCUMENT {
                return Err(FetchError::TooLarge);
            }
            document.extend_from_slice(&chunk);
        }
        read(&document).ok_or(FetchError::Document)
    }
}

impl std::fmt::Debug for RemoteKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RemoteKeys").field("url", &self.url).finish_non_exhaustive()
    }
}

#[async_trait]
impl VerifyingKeys for RemoteKeys {
    fn find(&self, kid: &str) -> Option<Arc<VerifyingKey>> {
        let known = self.known();
        let is_good = known.at.is_some_and(|at| self.clock.now() < at + STALE_AFTER);
        known.keys.get(kid).filter(|_| is_good).cloned()
    }

    fn are_remote(&self) -> bool {
        true
    }

    async fn look_for(&self, kid: &str) {
        if !self.must_look_for(kid) {
            return;
        }
        let mut tried = self.fetching.lock().await;
        let now = self.clock.now();
        // Another call may have fetched them while this one waited.
        if tried.is_some_and(|tried| now < tried + PAUSE) || !self.must_look_for(kid) {
            return;
        }
        *tried = Some(now);
        match self.fetch().await {
            Ok(keys) => {
                tracing::info!(url = self.url, keys = keys.len(), "fetched the issuer's keys");
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Known { keys, at: Some(now) });
            }
            Err(error) => tracing::warn!(url = self.url, %error, "the issuer's keys could not be fetched"),
        }
    }
}

/// The keys of a JWKS that verify signatures, each pinned to its algorithm. Symmetric keys, keys for encryption and
/// kinds that are not known are passed over (RFC 7517 §5); `None` when nothing is left.
fn read(document: &[u8]) -> Option<HashMap<String, Arc<VerifyingKey>>> {
    let members: serde_json::Value = serde_json::from_slice(document).ok()?;
    let keys = members.get("keys")?.as_array()?.iter().take(MAX_KEYS).filter_map(|key| {
        let jwk: Jwk = serde_json::from_value(key.clone()).ok()?;
        let kid = jwk.common.key_id.clone()?;
        Some((kid, Arc::new(verifying(&jwk)?)))
    });
    Some(keys.collect::<HashMap<_, _>>()).filter(|keys| !keys.is_empty())
}

fn verifying(jwk: &Jwk) -> Option<VerifyingKey> {
    // The algorithm is the key's, said by its publisher or fixed by its kind; never a token's (RFC 8725 §3.1).
    let algorithm = match (jwk.common.key_algorithm, &jwk.algorithm) {
        (Some(KeyAlgorithm::PS256), _) => Algorithm::PS256,
        (_, AlgorithmParameters::EllipticCurve(_)) => Algorithm::ES256,
        (_, AlgorithmParameters::RSA(_)) => Algorithm::RS256,
        (_, AlgorithmParameters::OctetKeyPair(_)) => Algorithm::EdDSA,
        _ => return None,
    };
    // It looks at all else that the key says of itself.
    VerifyingKey::from_jwk(jwk, algorithm).ok()
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::jose::{SigningAlgorithm, SigningKey};
    use serde_json::{Value, json};

    fn key() -> Value {
        let stored = SigningKey::generate(SigningAlgorithm::ES256, 0).unwrap();
        serde_json::to_value(SigningKey::read(&stored).unwrap().public).unwrap()
    }

    fn with(member: &str, value: Value) -> Value {
        let mut key = key();
        key[member] = value;
        key
    }

    fn usable(keys: &[Value]) -> usize {
        read(json!({ "keys": keys }).to_string().as_bytes()).map_or(0, |keys| keys.len())
    }

    #[test]
    fn only_public_signing_keys_with_a_name_are_taken() {
        assert_eq!(usable(&[key(), key()]), 2);
        let secret = json!({"kty": "oct", "kid": "s", "alg": "HS256", "k": "c2VjcmV0"});
        for useless in [
            secret,
            with("use", json!("enc")),
            with("alg", json!("RS256")),
            with("alg", json!("HS256")),
            with("kid", Value::Null),
            with("crv", json!("P-521")),
            with("x", json!("AAAA")),
            json!({"kty": "something new", "kid": "x"}),
            json!(7),
        ] {
            assert_eq!(usable(&[useless.clone(), key()]), 1, "{useless}");
            assert_eq!(usable(&[useless]), 0);
        }
    }

    #[test]
    fn what_is_no_key_set_is_refused() {
        for bad in ["", "{", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[]}"#, "\u{0}"] {
            assert!(read(bad.as_bytes()).is_none(), "{bad:?}");
        }
    }
}
