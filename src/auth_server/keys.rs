//! The issuer's signing keys: made at first start, published as a JWKS, rotated with overlap.
//!
//! Rotation only adds a key. It signs once every verifier's copy of the JWKS has had the time to learn of it, and its
//! predecessor verifies on until everything that it signed has expired.

use super::sealing;
use crate::jose::{KeyError, SigningAlgorithm, SigningKey, VerifyingKey, VerifyingKeys};
use crate::storage::keys::StoredKey;
use crate::storage::{Storage, StorageError};
use jsonwebtoken::jwk::JwkSet;
use std::sync::{Arc, PoisonError, RwLock};

/// A JWKS may be kept by verifiers for this long, in seconds; a new key signs only afterwards.
pub const JWKS_LIFETIME: i64 = 300;
/// How long a key verifies on after its successor has begun to sign, in seconds: longer than any token lives.
const OVERLAP: i64 = 24 * 3600;
/// Keeps sealed keys apart from everything else that is sealed.
const SEALED_FOR: &str = "three-keys signing key";

/// The keys of one purpose. Clones share them.
#[derive(Clone)]
pub struct IssuerKeys {
    storage: Arc<dyn Storage>,
    purpose: &'static str,
    encryption_secret: Option<Arc<str>>,
    loaded: Arc<RwLock<Arc<Vec<Loaded>>>>,
}

struct Loaded {
    key: SigningKey,
    verifying: Arc<VerifyingKey>,
    created_at: i64,
}

/// Why the keys could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A key is damaged, or could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A key is sealed, and the secret that opens it is missing or another.
    #[error("they are encrypted, and key_encryption_secret is missing or is not the one they were encrypted with")]
    Sealed,
}

impl IssuerKeys {
    /// Loads the keys for a purpose, and makes those of the algorithms that are missing. With an encryption secret,
    /// keys that are not encrypted yet become so.
    ///
    /// # Errors
    /// When a key is damaged or cannot be decrypted, or storage fails.
    pub async fn open(
        storage: Arc<dyn Storage>,
        purpose: &'static str,
        encryption_secret: Option<&str>,
        algorithms: &[SigningAlgorithm],
        now: i64,
    ) -> Result<Self, LoadError> {
        let keys =
            Self { storage, purpose, encryption_secret: encryption_secret.map(Arc::from), loaded: Arc::default() };
        keys.reload().await?;
        for algorithm in algorithms {
            if keys.signing(*algorithm, now).is_err() {
                keys.add(*algorithm, now).await?;
            }
        }
        Ok(keys)
    }

    /// Reads the keys again, for those that another process has added or removed.
    ///
    /// # Errors
    /// As for [`IssuerKeys::open`].
    pub async fn reload(&self) -> Result<(), LoadError> {
        let mut loaded = Vec::new();
        for mut stored in self.storage.signing_keys(self.purpose).await? {
            if let Some(opened) = self.unsealed(&stored)? {
                stored.pkcs8 = opened;
            } else if let Some(sealed) = self.sealed(&stored.pkcs8)? {
                self.storage.replace_signing_key(&stored.kid, &sealed, true).await?;
            }
            let key = SigningKey::read(&stored)?;
            let verifying = Arc::new(key.verifying()?);
            loaded.push(Loaded { key, verifying, created_at: stored.created_at });
        }
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(loaded);
        Ok(())
    }

    /// Adds a key of the algorithm, which is all that a rotation does.
    ///
    /// # Errors
    /// When the cryptography or storage fails.
    pub async fn add(&self, algorithm: SigningAlgorithm, now: i64) -> Result<String, LoadError> {
        let mut stored = SigningKey::generate(algorithm, now)?;
        let kid = stored.kid.clone();
        if let Some(sealed) = self.sealed(&stored.pkcs8)? {
            stored.pkcs8 = sealed;
            stored.sealed = true;
        }
        self.storage.add_signing_key(self.purpose, &stored).await?;
        self.reload().await?;
        Ok(kid)
    }

    fn sealed(&self, pkcs8: &[u8]) -> Result<Option<Vec<u8>>, LoadError> {
        let Some(secret) = &self.encryption_secret else { return Ok(None) };
        sealing::seal(secret.as_bytes(), SEALED_FOR, pkcs8).map(Some).ok_or(LoadError::Key(KeyError::Crypto))
    }

    fn unsealed(&self, stored: &StoredKey) -> Result<Option<Vec<u8>>, LoadError> {
        if !stored.sealed {
            return Ok(None);
        }
        let secret = self.encryption_secret.as_ref().ok_or(LoadError::Sealed)?;
        sealing::open(secret.as_bytes(), SEALED_FOR, &stored.pkcs8).map(Some).ok_or(LoadError::Sealed)
    }

    fn loaded(&self) -> Arc<Vec<Loaded>> {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs claims with the key that is in force.
    ///
    /// # Errors
    /// When there is no key of that algorithm, or the library refuses.
    pub fn sign(
        &self,
        algorithm: SigningAlgorithm,
        typ: &str,
        claims: &impl serde::Serialize,
        now: i64,
    ) -> Result<String, KeyError> {
        let loaded = self.loaded();
        let place = in_force(&loaded, algorithm, now).ok_or_else(|| none(algorithm))?;
        loaded[place].key.sign(typ, claims)
    }

    /// The name of the key that is in force.
    ///
    /// # Errors
    /// When there is no key of that algorithm.
    pub fn signing(&self, algorithm: SigningAlgorithm, now: i64) -> Result<String, KeyError> {
        let loaded = self.loaded();
        let place = in_force(&loaded, algorithm, now).ok_or_else(|| none(algorithm))?;
        Ok(loaded[place].key.kid.clone())
    }

    /// The public halves (RFC 7517 §5) of the keys that verify something.
    pub fn published(&self, now: i64) -> JwkSet {
        let loaded = self.loaded();
        let keys = loaded.iter().filter(|one| !is_over(&loaded, one, now)).map(|one| one.key.public.clone()).collect();
        JwkSet { keys }
    }

    /// Each key's name, algorithm, time of creation, and whether it signs now.
    pub fn list(&self, now: i64) -> Vec<(String, SigningAlgorithm, i64, bool)> {
        let loaded = self.loaded();
        loaded
            .iter()
            .map(|one| {
                let signs = self.signing(one.key.algorithm, now).is_ok_and(|kid| kid == one.key.kid);
                (one.key.kid.clone(), one.key.algorithm, one.created_at, signs)
            })
            .collect()
    }

    /// Removes keys whose signatures have all expired.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn remove_expired(&self, now: i64) -> Result<(), LoadError> {
        let loaded = self.loaded();
        let over: Vec<&Loaded> = loaded.iter().filter(|one| is_over(&loaded, one, now)).collect();
        for one in &over {
            self.storage.remove_signing_key(&one.key.kid).await?;
        }
        if over.is_empty() { Ok(()) } else { self.reload().await }
    }
}

fn none(algorithm: SigningAlgorithm) -> KeyError {
    KeyError::Algorithm(algorithm.as_str().to_owned())
}

/// The newest key that every verifier has had the time to learn of; where there is none yet, the oldest.
fn in_force(loaded: &[Loaded], algorithm: SigningAlgorithm, now: i64) -> Option<usize> {
    let of_algorithm = || loaded.iter().enumerate().filter(|(_, one)| one.key.algorithm == algorithm);
    let known = of_algorithm()
        .filter(|(_, one)| one.created_at + JWKS_LIFETIME <= now)
        .max_by_key(|(place, one)| (one.created_at, *place));
    known.or_else(|| of_algorithm().min_by_key(|(place, one)| (one.created_at, *place))).map(|(place, _)| place)
}

/// Whether a successor has signed for so long that nothing of this key's is alive.
fn is_over(loaded: &[Loaded], one: &Loaded, now: i64) -> bool {
    loaded.iter().any(|other| {
        other.key.algorithm == one.key.algorithm
            && other.created_at > one.created_at
            && other.created_at + JWKS_LIFETIME + OVERLAP <= now
    })
}

impl VerifyingKeys for IssuerKeys {
    fn find(&self, kid: &str) -> Option<Arc<VerifyingKey>> {
        self.loaded().iter().find(|one| one.key.kid == kid).map(|one| one.verifying.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::{IssuerKeys, JWKS_LIFETIME, LoadError, OVERLAP};
    use crate::jose::SigningAlgorithm::ES256;
    use crate::jose::{VerifyingKeys as _, verify};
    use crate::storage::keys::Keys as _;
    use crate::storage::sqlite::Sqlite;
    use std::sync::Arc;

    const DAWN: i64 = 1_000_000;

    async fn database() -> (tempfile::TempDir, Arc<Sqlite>) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("keys.db").display());
        (folder, Arc::new(Sqlite::open(&url).await.unwrap()))
    }

    #[tokio::test]
    async fn a_new_key_signs_only_when_everybody_can_know_it_and_the_old_one_verifies_on() {
        let (_folder, database) = database().await;
        let keys = IssuerKeys::open(database, "test", None, &[ES256], DAWN).await.unwrap();
        let old = keys.signing(ES256, DAWN).unwrap();
        let token = keys.sign(ES256, "at+jwt", &serde_json::json!({"a": 1}), DAWN).unwrap();

        let rotated_at = DAWN + 1000;
        let new = keys.add(ES256, rotated_at).await.unwrap();
        assert_eq!(keys.published(rotated_at).keys.len(), 2);
        assert_eq!(keys.signing(ES256, rotated_at + JWKS_LIFETIME - 1).unwrap(), old);
        let signs_from = rotated_at + JWKS_LIFETIME;
        assert_eq!(keys.signing(ES256, signs_from).unwrap(), new);
        assert!(verify::<serde_json::Value>(&token, "at+jwt", &keys).is_ok());

        let over = signs_from + OVERLAP;
        assert_eq!(keys.published(over - 1).keys.len(), 2);
        assert_eq!(keys.published(over).keys.len(), 1);
        keys.remove_expired(over).await.unwrap();
        assert!(keys.find(&old).is_none() && keys.find(&new).is_some());
    }

    #[tokio::test]
    async fn a_key_added_by_another_process_is_taken_up() {
        let (_folder, database) = database().await;
        let serving = IssuerKeys::open(database.clone(), "test", None, &[ES256], DAWN).await.unwrap();
        let rotating = IssuerKeys::open(database, "test", None, &[ES256], DAWN).await.unwrap();
        let new = rotating.add(ES256, DAWN + 1).await.unwrap();
        assert!(serving.find(&new).is_none());
        serving.reload().await.unwrap();
        assert!(serving.find(&new).is_some());
    }

    #[tokio::test]
    async fn with_a_secret_no_private_key_lies_in_the_clear() {
        let (_folder, database) = database().await;
        let before = IssuerKeys::open(database.clone(), "test", None, &[ES256], DAWN).await.unwrap();
        let kid = before.signing(ES256, DAWN).unwrap();
        let clear = database.signing_keys("test").await.unwrap().remove(0).pkcs8;

        let sealed = IssuerKeys::open(database.clone(), "test", Some("a secret"), &[ES256], DAWN).await.unwrap();
        let stored = database.signing_keys("test").await.unwrap().remove(0);
        assert!(stored.sealed && stored.pkcs8 != clear);
        assert_eq!(sealed.signing(ES256, DAWN).unwrap(), kid, "it is the same key");

        for secret in [None, Some("another")] {
            let refused = IssuerKeys::open(database.clone(), "test", secret, &[ES256], DAWN).await;
            assert!(matches!(refused, Err(LoadError::Sealed)));
        }
    }
}
