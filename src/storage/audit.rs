//! The audit log: append only.

use super::Stored;
use crate::wire::audit::AuditEvent;
use async_trait::async_trait;

/// Where the audit log is kept.
#[async_trait]
pub trait Audit {
    /// Appends events, all or none; their `id`s are given by storage.
    async fn append_events(&self, events: Vec<AuditEvent>) -> Stored<()>;
    /// The newest `limit` events, of those before that `id` where one is given, newest first.
    async fn newest_events(&self, limit: u32, before: Option<i64>) -> Stored<Vec<AuditEvent>>;
}
