//! The issuer's signing keys: made at first start, published as a JWKS.

use crate::jose::{KeyError, SigningAlgorithm, SigningKey, VerifyingKey, VerifyingKeys};
use crate::storage::{Storage, StorageError};
use jsonwebtoken::jwk::JwkSet;
use std::collections::HashMap;
use std::sync::Arc;

/// The keys of one purpose.
#[derive(Clone)]
pub struct IssuerKeys(Arc<Loaded>);

struct Loaded {
    signing: HashMap<&'static str, SigningKey>,
    verifying: HashMap<String, Arc<VerifyingKey>>,
    published: JwkSet,
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
}

impl IssuerKeys {
    /// Loads the keys for a purpose, and makes those of the algorithms that are missing.
    ///
    /// # Errors
    /// When a key is damaged or storage fails.
    pub async fn load(
        storage: &dyn Storage,
        purpose: &str,
        algorithms: &[SigningAlgorithm],
        now: i64,
    ) -> Result<Self, LoadError> {
        let mut stored = storage.signing_keys(purpose).await?;
        for algorithm in algorithms {
            let has_one = stored.iter().any(|key| key.alg == algorithm.as_str() && key.retired_at.is_none());
            if !has_one {
                let key = SigningKey::generate(*algorithm, now)?;
                storage.add_signing_key(purpose, &key).await?;
                stored.push(key);
            }
        }
        let mut loaded =
            Loaded { signing: HashMap::new(), verifying: HashMap::new(), published: JwkSet { keys: Vec::new() } };
        for key in &stored {
            let signing = SigningKey::read(key)?;
            loaded.verifying.insert(signing.kid.clone(), Arc::new(signing.verifying()?));
            loaded.published.keys.push(signing.public.clone());
            if key.retired_at.is_none() {
                // The newest of an algorithm signs; the older ones still verify.
                loaded.signing.insert(signing.algorithm.as_str(), signing);
            }
        }
        Ok(Self(Arc::new(loaded)))
    }

    /// The key that signs with the algorithm.
    ///
    /// # Errors
    /// When no key of that algorithm was loaded.
    pub fn signing(&self, algorithm: SigningAlgorithm) -> Result<&SigningKey, KeyError> {
        self.0.signing.get(algorithm.as_str()).ok_or_else(|| KeyError::Algorithm(algorithm.as_str().to_owned()))
    }

    /// The public halves (RFC 7517 §5).
    pub fn published(&self) -> &JwkSet {
        &self.0.published
    }
}

impl VerifyingKeys for IssuerKeys {
    fn find(&self, kid: &str) -> Option<Arc<VerifyingKey>> {
        self.0.verifying.get(kid).cloned()
    }
}
