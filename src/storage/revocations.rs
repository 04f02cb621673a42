//! The revocation feed: identifiers of grants and access tokens that ended before their time.

use super::Stored;
use async_trait::async_trait;

/// An entry of the feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// Grows with every entry.
    pub id: i64,
    /// A grant's id or a token's `jti`.
    pub value: String,
    /// When it no longer matters.
    pub expires_at: i64,
}

/// Where the feed is kept.
#[async_trait]
pub trait Revocations {
    /// Enters a grant's id or a token's `jti`, to be kept until `expires_at`.
    async fn add_revocation(&self, value: &str, expires_at: i64) -> Stored<()>;
    /// Whether the value was revoked.
    async fn is_revoked(&self, value: &str) -> Stored<bool>;
    /// The entries that came after the one of that id, in their order; 0 for all.
    async fn revocations_after(&self, id: i64) -> Stored<Vec<Revocation>>;
}
