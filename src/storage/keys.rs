//! Signing keys, and the server's own secret.

use super::Stored;
use async_trait::async_trait;

/// A signing key as stored.
#[derive(Clone)]
pub struct StoredKey {
    /// Its name in a JWKS and in token headers.
    pub kid: String,
    /// The algorithm it is pinned to.
    pub alg: String,
    /// The private key in PKCS#8.
    pub pkcs8: Vec<u8>,
    /// Whether `pkcs8` is encrypted.
    pub sealed: bool,
    /// When it was made.
    pub created_at: i64,
}

/// Where keys are kept.
#[async_trait]
pub trait Keys {
    /// The keys for a purpose, oldest first.
    async fn signing_keys(&self, purpose: &str) -> Stored<Vec<StoredKey>>;
    /// Adds a key.
    async fn add_signing_key(&self, purpose: &str, key: &StoredKey) -> Stored<()>;
    /// Replaces the private part of a key, such as by its encrypted form.
    async fn replace_signing_key(&self, kid: &str, pkcs8: &[u8], sealed: bool) -> Stored<()>;
    /// Removes a key.
    async fn remove_signing_key(&self, kid: &str) -> Stored<()>;
    /// The secret of that name; `fresh` becomes it where there is none yet.
    async fn secret(&self, name: &str, fresh: &[u8]) -> Stored<Vec<u8>>;
}
