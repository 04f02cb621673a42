//! Refresh tokens: opaque, stored hashed, rotated at every use, with an idle and a final end.

use super::Subject;
use crate::auth_server::AuthServer;
use crate::auth_server::error::{ErrorCode, Refusal};
use crate::auth_server::rules::subjects::RefreshDocument;
use crate::auth_server::sealing;
use crate::jose::sha256;
use crate::storage::grants::NewRefreshToken;

/// A refresh token that is not used for this long ends, in seconds.
const IDLE_LIFETIME: i64 = 14 * 24 * 3600;
/// A family ends after this long, however often it was rotated, in seconds.
const FAMILY_LIFETIME: i64 = 90 * 24 * 3600;

/// A refresh token, to be sent and to be stored.
pub(in crate::auth_server) struct NewRefresh {
    /// What the client gets.
    pub(in crate::auth_server) token: String,
    /// What storage gets.
    pub(in crate::auth_server) stored: NewRefreshToken,
}

/// The first refresh token of a grant, where the account allowed `offline_access` and the client may use one.
pub(in crate::auth_server) fn first(server: &AuthServer, subject: &Subject<'_>) -> Result<Option<NewRefresh>, Refusal> {
    let (Some(account), Some(grant)) = (subject.account, &subject.grant) else { return Ok(None) };
    if !subject.scope.contains("offline_access") || !subject.client.may_use("refresh_token") {
        return Ok(None);
    }
    let document = RefreshDocument {
        client_id: subject.client.client_id.clone(),
        account_id: account.id.clone(),
        scope: subject.scope.clone(),
        resource: Some(subject.resource.clone()),
        auth_time: subject.auth_time.unwrap_or_default(),
        sid: subject.sid.clone(),
        // A confidential client is bound by its authentication; a public one has only its key (RFC 9449 §5).
        dpop_jkt: subject.dpop_jkt.clone().filter(|_| subject.client.is_public()),
        family_expires_at: server.clock.now() + FAMILY_LIFETIME,
    };
    next(server, grant, &document).map(Some)
}

/// The successor of a refresh token: for the same, with the same final end.
pub(in crate::auth_server) fn next(
    server: &AuthServer,
    grant_id: &str,
    document: &RefreshDocument,
) -> Result<NewRefresh, Refusal> {
    let token = server.random.token();
    let stored = NewRefreshToken {
        token_hash: sha256(&token),
        grant_id: grant_id.to_owned(),
        document: serde_json::to_string(document)?,
        expires_at: (server.clock.now() + IDLE_LIFETIME).min(document.family_expires_at),
    };
    Ok(NewRefresh { token, stored })
}

/// Keeps sealed answers apart from everything else that is sealed.
const SEALED_FOR: &str = "three-keys refresh answer";

/// Seals the answer to a refresh so that only who holds the old token can read it: the database alone gives nothing.
pub(in crate::auth_server) fn seal(old_token: &str, answer: &[u8]) -> Result<Vec<u8>, Refusal> {
    sealing::seal(old_token.as_bytes(), SEALED_FOR, answer)
        .ok_or_else(|| Refusal::new(ErrorCode::ServerError, "seal", "the answer could not be kept"))
}

/// Opens a sealed answer with the old token.
pub(in crate::auth_server) fn open(old_token: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    sealing::open(old_token.as_bytes(), SEALED_FOR, sealed)
}
