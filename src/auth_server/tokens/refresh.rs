//! Refresh tokens: opaque, stored hashed, rotated at every use, with an idle and a final end.

use super::Subject;
use crate::auth_server::AuthServer;
use crate::auth_server::error::{ErrorCode, Refusal};
use crate::auth_server::rules::subjects::RefreshDocument;
use crate::jose::sha256;
use crate::storage::grants::NewRefreshToken;
use aws_lc_rs::aead::{AES_256_GCM, Aad, RandomizedNonceKey};
use aws_lc_rs::{hkdf, hkdf::HKDF_SHA256};

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

/// Seals the answer to a refresh so that only who holds the old token can read it: the database alone gives nothing.
pub(in crate::auth_server) fn seal(old_token: &str, answer: &[u8]) -> Result<Vec<u8>, Refusal> {
    let failed = || Refusal::new(ErrorCode::ServerError, "seal", "the answer could not be kept");
    let key = key(old_token).ok_or_else(failed)?;
    let mut sealed = answer.to_vec();
    let nonce = key.seal_in_place_append_tag(Aad::empty(), &mut sealed).map_err(|_| failed())?;
    sealed.extend_from_slice(nonce.as_ref());
    Ok(sealed)
}

/// Opens a sealed answer with the old token.
pub(in crate::auth_server) fn open(old_token: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (content, nonce) = sealed.split_at_checked(sealed.len().checked_sub(12)?)?;
    let nonce = aws_lc_rs::aead::Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut content = content.to_vec();
    let answer = key(old_token)?.open_in_place(nonce, Aad::empty(), &mut content).ok()?;
    Some(answer.to_vec())
}

fn key(old_token: &str) -> Option<RandomizedNonceKey> {
    let derived = hkdf::Salt::new(HKDF_SHA256, b"three-keys refresh answer").extract(old_token.as_bytes());
    let mut bytes = [0; 32];
    derived.expand(&[b"AES-256-GCM"], HKDF_SHA256).ok()?.fill(&mut bytes).ok()?;
    RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{open, seal};

    #[test]
    fn only_the_old_token_opens_the_answer() {
        let sealed = seal("old", b"answer").unwrap();
        assert_eq!(open("old", &sealed).as_deref(), Some(&b"answer"[..]));
        assert_eq!(open("other", &sealed), None);
        assert_eq!(open("old", &sealed[1..]), None);
        assert_eq!(open("old", b""), None);
        assert!(!sealed.windows(6).any(|window| window == b"answer"));
    }
}
