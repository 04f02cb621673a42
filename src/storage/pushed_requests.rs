//! Authorization requests that a client pushed (RFC 9126).

use super::Stored;
use async_trait::async_trait;

/// A pushed request as stored.
#[derive(Debug, Clone)]
pub struct PushedRequest {
    /// The client that pushed it.
    pub client_id: String,
    /// The parameters, form-encoded as they came.
    pub parameters: String,
    /// When it ends.
    pub expires_at: i64,
    /// When a code was made of it.
    pub used_at: Option<i64>,
}

/// Where pushed requests are kept.
#[async_trait]
pub trait PushedRequests {
    /// Adds a request.
    async fn add_pushed_request(&self, uri_hash: &[u8], request: &PushedRequest) -> Stored<()>;
    /// The request with that hash.
    async fn pushed_request(&self, uri_hash: &[u8]) -> Stored<Option<PushedRequest>>;
    /// Marks a request as used. Answers whether this call was the one that did.
    async fn use_pushed_request(&self, uri_hash: &[u8], now: i64) -> Stored<bool>;
}
