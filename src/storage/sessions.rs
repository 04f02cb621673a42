//! Sessions of the sign-in pages.

use super::Stored;
use async_trait::async_trait;

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The session's name in ID tokens (`sid`); it gives no access.
    pub sid: String,
    /// The account that signed in.
    pub account_id: String,
    /// When it showed its password last.
    pub auth_time: i64,
    /// When the session ends.
    pub expires_at: i64,
}

/// Where sessions are kept.
#[async_trait]
pub trait Sessions {
    /// Adds a session under the hash of its cookie.
    async fn add_session(&self, id_hash: &[u8], session: &StoredSession) -> Stored<()>;
    /// The session with that hash.
    async fn session(&self, id_hash: &[u8]) -> Stored<Option<StoredSession>>;
    /// Ends the session.
    async fn remove_session(&self, id_hash: &[u8]) -> Stored<()>;
}
