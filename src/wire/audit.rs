//! One line of the audit log: who did what, and which rule decided.

use serde::{Deserialize, Serialize};

/// One event. It never holds a secret: no password, token, code or cookie.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// Its place in the log.
    pub id: i64,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: i64,
    /// The account, or empty where none is known.
    pub account: String,
    /// The client application, or empty where none took part.
    pub client_id: String,
    /// With which key: `basic`, `jwt`, `oauth`, `auth_server` or `command_line`.
    pub key: String,
    /// What was asked, such as `write_page` or `token`.
    pub action: String,
    /// `allowed` or `refused`.
    pub outcome: String,
    /// The rule that decided, such as `check_pkce`; empty where all allowed.
    pub rule: String,
    /// The request, as its answer's `X-Request-Id` named it; empty for what no request caused.
    pub request_id: String,
    /// The network address that the request came from: the one thing that tells a forgetful owner from a guesser. It is
    /// personal data; who may read the log may read it.
    pub address: String,
    /// How often this very refusal came within the moment that the log gathers; `request_id` is the first one's.
    pub times: i64,
}
