//! Reading the audit log.

use super::guards::server;
use crate::wire::audit::AuditEvent;
use crate::wire::problem::Problem;

/// How many events a call gets that names no limit.
const DEFAULT_LIMIT: u32 = 50;
/// How many it may ask for.
const MAX_LIMIT: u32 = 500;

pub(super) async fn newest(limit: Option<u32>, before: Option<i64>) -> Result<Vec<AuditEvent>, Problem> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(Problem::invalid("limit", format!("limit must be from 1 to {MAX_LIMIT}")));
    }
    if before.is_some_and(|before| before < 1) {
        return Err(Problem::invalid("before", "before must be the id of an event; the answer is what came before it"));
    }
    let server = server()?;
    server.audit.flush().await;
    Ok(server.storage.newest_events(limit, before).await?)
}
