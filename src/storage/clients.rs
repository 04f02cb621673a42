//! Client applications, as registered.

use super::Stored;
use async_trait::async_trait;

/// Where clients are kept, each as one document.
#[async_trait]
pub trait Clients {
    /// The document of that client.
    async fn client_document(&self, client_id: &str) -> Stored<Option<String>>;
    /// Adds a client or replaces the one of that id.
    async fn put_client(&self, client_id: &str, document: &str, now: i64) -> Stored<()>;
}
