//! What the token endpoint answers with, and how grants end.

pub(super) mod access_token;
pub(super) mod id_token;
pub(super) mod refresh;

use super::AuthServer;
use super::clients::Client;
use super::error::{ErrorCode, Refusal};
use crate::storage::accounts::Account;
use crate::wire::scope::Scope;
use serde::{Deserialize, Serialize};

/// What a request without `scope` asks for: the least that is of use (RFC 6749 §3.3 lets the server choose).
pub(super) const DEFAULT_SCOPE: &str = "pages:read";

/// A revocation is kept in the feed for longer than any access token lives.
pub(super) const FEED_LIFETIME: i64 = 24 * 3600;

/// What tokens are made for.
pub(super) struct Subject<'a> {
    /// The client that gets them.
    pub(super) client: &'a Client,
    /// The account they act for; `None` where the client acts for itself.
    pub(super) account: Option<&'a Account>,
    /// What they allow.
    pub(super) scope: Scope,
    /// Where they are good, already known.
    pub(super) resource: String,
    /// The grant they come of.
    pub(super) grant: Option<String>,
    /// When the account showed its password.
    pub(super) auth_time: Option<i64>,
    /// The session at this server.
    pub(super) sid: Option<String>,
    /// The nonce of the authorization request.
    pub(super) nonce: Option<String>,
    /// The DPoP key they are bound to.
    pub(super) dpop_jkt: Option<String>,
}

/// The answer of the token endpoint (RFC 6749 §5.1).
#[derive(Serialize, Deserialize)]
pub(super) struct TokenAnswer {
    access_token: String,
    token_type: String,
    expires_in: i64,
    scope: Scope,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

/// Makes the access token, and the ID token where `openid` was granted.
pub(super) fn answer(
    server: &AuthServer,
    subject: &Subject<'_>,
    refresh_token: Option<String>,
) -> Result<TokenAnswer, Refusal> {
    let access_token = access_token::make(server, subject)?;
    let id_token = match (subject.account, subject.auth_time) {
        (Some(account), Some(auth_time)) if subject.scope.contains("openid") => {
            Some(id_token::make(server, subject, account, auth_time, &access_token)?)
        }
        _ => None,
    };
    Ok(TokenAnswer {
        access_token,
        token_type: if subject.dpop_jkt.is_some() { "DPoP" } else { "Bearer" }.to_owned(),
        expires_in: subject.client.access_token_lifetime,
        scope: subject.scope.clone(),
        refresh_token,
        id_token,
    })
}

/// The resource that was asked for, or our own.
///
/// # Errors
/// `invalid_target` for one that is not known here (RFC 8707 §2).
pub(super) fn known_resource(server: &AuthServer, asked: Option<String>) -> Result<String, Refusal> {
    match asked {
        None => Ok(server.own_resource()),
        Some(resource) if server.resources().contains(&resource) => Ok(resource),
        Some(_) => Err(Refusal::new(ErrorCode::InvalidTarget, "check_resource", "the resource is not known here")),
    }
}

/// Ends a grant: its codes, its refresh tokens, and through the feed its access tokens.
pub(super) async fn revoke_grant(server: &AuthServer, grant_id: &str) -> Result<(), Refusal> {
    let now = server.clock.now();
    let until = now + FEED_LIFETIME;
    server.storage.revoke_grant(grant_id, now, until).await?;
    server.feed.publish(grant_id.to_owned(), until);
    Ok(())
}

/// Ends one access token.
pub(super) async fn revoke_access_token(server: &AuthServer, jti: &str) -> Result<(), Refusal> {
    let until = server.clock.now() + FEED_LIFETIME;
    server.storage.add_revocation(jti, until).await?;
    server.feed.publish(jti.to_owned(), until);
    Ok(())
}

/// Ends all that the account granted to the client.
pub(super) async fn revoke_application(server: &AuthServer, account_id: &str, client_id: &str) -> Result<(), Refusal> {
    let now = server.clock.now();
    let until = now + FEED_LIFETIME;
    for grant_id in server.storage.revoke_application(account_id, client_id, now, until).await? {
        server.feed.publish(grant_id, until);
    }
    Ok(())
}
