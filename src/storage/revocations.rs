//! The revocation feed: identifiers of grants and access tokens that ended before their time.

use super::Stored;
use async_trait::async_trait;

/// Where the feed is kept.
#[async_trait]
pub trait Revocations {
    /// Enters a grant's id or a token's `jti`, to be kept until `expires_at`.
    async fn add_revocation(&self, value: &str, expires_at: i64) -> Stored<()>;
    /// Whether the value was revoked.
    async fn is_revoked(&self, value: &str) -> Stored<bool>;
    /// Every entry that still matters at `now`, with its end.
    async fn revocations(&self, now: i64) -> Stored<Vec<(String, i64)>>;
}
