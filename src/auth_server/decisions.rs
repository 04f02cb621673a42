//! Each decision of the authorization server goes to the audit log with the name of its rule.

use super::AuthServer;
use super::error::Refusal;
use crate::audit_log::Happened;

impl AuthServer {
    /// Records that something was allowed.
    pub(super) async fn allowed(&self, action: &str, client_id: &str, account: &str) {
        self.audit.record(Happened { account, client_id, key: "auth_server", action, refused_by: None }).await;
    }

    /// Records that something was refused, and by which rule.
    pub(super) async fn refused(&self, action: &str, client_id: &str, refusal: &Refusal) {
        let refused_by = Some(refusal.rule);
        self.audit.record(Happened { account: "", client_id, key: "auth_server", action, refused_by }).await;
    }
}
