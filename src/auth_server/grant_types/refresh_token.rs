//! A refresh token becomes its successor (RFC 6749 §6, RFC 9700 §4.14.2).

use super::{required, resource};
use crate::auth_server::AuthServer;
use crate::auth_server::clients::Client;
use crate::auth_server::error::{ErrorCode, Refusal};
use crate::auth_server::parameters::Parameters;
use crate::auth_server::rules::subjects::{Refresh, RefreshDocument};
use crate::auth_server::rules::{REFRESH, decide};
use crate::auth_server::tokens::{self, Subject, TokenAnswer, refresh};
use crate::jose::sha256;
use crate::storage::grants::StoredRefreshToken;
use crate::wire::scope::Scope;
use std::sync::Arc;

/// Within these seconds the same client gets the same answer again, for a response that was lost on the way; unless
/// the successor was used, which shows that it arrived.
const GRACE: i64 = 10;

/// Exchanges a refresh token.
pub(in crate::auth_server) async fn exchange(
    server: &AuthServer,
    client: Arc<Client>,
    parameters: &Parameters,
    dpop_jkt: Option<String>,
) -> Result<(TokenAnswer, String), Refusal> {
    let token = required(parameters, "refresh_token")?;
    let token_hash = sha256(token);
    let unknown = || Refusal::new(ErrorCode::InvalidGrant, "check_refresh_known", "the refresh token is unknown");
    let stored = server.storage.refresh_token(&token_hash).await?.ok_or_else(unknown)?;
    let document: RefreshDocument = serde_json::from_str(&stored.document)?;
    let request = Refresh {
        client,
        token: document,
        expires_at: stored.expires_at,
        revoked: stored.is_revoked,
        scope: parameters.get("scope").map(str::to_owned),
        resource: resource(parameters)?,
        dpop_jkt,
        now: server.clock.now(),
    };
    decide(REFRESH, &request)?;
    if stored.rotated_at.is_some() {
        return again(server, token, stored, request.now).await;
    }
    let scope = match &request.scope {
        // The rules have parsed it already.
        Some(text) => text.parse::<Scope>().unwrap_or_default(),
        None => request.token.scope.clone(),
    };
    let subject = Subject {
        client: &request.client,
        account: Some(&stored.account),
        scope,
        resource: tokens::known_resource(server, request.token.resource.clone())?,
        grant: Some(stored.grant_id.clone()),
        auth_time: Some(request.token.auth_time),
        sid: request.token.sid.clone(),
        nonce: None,
        dpop_jkt: request.dpop_jkt.clone(),
    };
    let successor = refresh::next(server, &stored.grant_id, &request.token)?;
    let answer = tokens::answer(server, &subject, Some(successor.token))?;
    let sealed = refresh::seal(token, &serde_json::to_vec(&answer)?)?;
    if server.storage.rotate_refresh_token(&token_hash, successor.stored, sealed, request.now).await? {
        return Ok((answer, stored.account.username));
    }
    // Another call was faster: this one is a repetition of it, or comes after a revocation.
    let stored = server.storage.refresh_token(&token_hash).await?.ok_or_else(unknown)?;
    again(server, token, stored, request.now).await
}

/// A refresh token that was exchanged already: the same answer within the grace, the end of its family after it.
async fn again(
    server: &AuthServer,
    token: &str,
    stored: StoredRefreshToken,
    now: i64,
) -> Result<(TokenAnswer, String), Refusal> {
    if let (Some(rotated_at), Some(successor), Some(sealed)) =
        (stored.rotated_at, &stored.successor, &stored.sealed_answer)
        && now - rotated_at <= GRACE
    {
        let next = server.storage.refresh_token(successor).await?;
        if next.is_some_and(|next| next.rotated_at.is_none() && !next.is_revoked)
            && let Some(answer) = refresh::open(token, sealed)
        {
            return Ok((serde_json::from_slice(&answer)?, stored.account.username));
        }
    }
    tokens::revoke_grant(server, &stored.grant_id).await?;
    Err(Refusal::new(
        ErrorCode::InvalidGrant,
        "check_refresh_once",
        "the refresh token was used already; its whole family is revoked",
    ))
}
