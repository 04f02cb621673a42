//! Client applications, as registered.

use super::Stored;
use async_trait::async_trait;

/// Where clients are kept, each as one document.
#[async_trait]
pub trait Clients {
    /// The document of that client.
    async fn client_document(&self, client_id: &str) -> Stored<Option<String>>;
    /// How often a client was changed or removed so far, by whichever process.
    async fn client_changes(&self) -> Stored<i64>;
    /// Adds a client or replaces the one of that id.
    async fn put_client(&self, client_id: &str, document: &str, now: i64) -> Stored<()>;
    /// Adds a client unless there is one of that id. Answers whether it was added.
    async fn add_client(&self, client_id: &str, document: &str, now: i64) -> Stored<bool>;
    /// The documents of all clients, by id.
    async fn client_documents(&self) -> Stored<Vec<String>>;
    /// Removes a client with all that it was allowed, and enters its grants in the revocation feed until `feed_until`.
    /// Answers whether there was such a client.
    async fn remove_client(&self, client_id: &str, feed_until: i64) -> Stored<bool>;
}
