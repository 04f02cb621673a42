//! Identifiers that may be used once, and the background removal of all that has expired.

use super::Stored;
use async_trait::async_trait;

/// Where used identifiers are kept.
#[async_trait]
pub trait UsedIdentifiers {
    /// Notes an identifier until `expires_at`. Answers whether it was new.
    async fn use_identifier(&self, id_hash: &[u8], expires_at: i64) -> Stored<bool>;
    /// Removes at most `batch` expired rows of each kind. Answers how many went.
    async fn remove_expired(&self, now: i64, batch: u32) -> Stored<u64>;
}
