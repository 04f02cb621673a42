//! A code becomes tokens, once (RFC 6749 §4.1.3–4.1.4).

use super::{required, resource};
use crate::auth_server::AuthServer;
use crate::auth_server::clients::Client;
use crate::auth_server::error::{ErrorCode, Refusal};
use crate::auth_server::parameters::Parameters;
use crate::auth_server::rules::subjects::{CodeDocument, CodeRedemption};
use crate::auth_server::rules::{CODE_REDEMPTION, decide};
use crate::auth_server::tokens::{self, Subject, TokenAnswer, refresh};
use crate::jose::sha256;
use std::sync::Arc;

/// Exchanges a code.
pub(in crate::auth_server) async fn exchange(
    server: &AuthServer,
    client: Arc<Client>,
    parameters: &Parameters,
    dpop_jkt: Option<String>,
) -> Result<(TokenAnswer, String), Refusal> {
    let code_hash = sha256(required(parameters, "code")?);
    let unknown = || Refusal::new(ErrorCode::InvalidGrant, "check_code_known", "the code is unknown");
    let stored = server.storage.code(&code_hash).await?.ok_or_else(unknown)?;
    let document: CodeDocument = serde_json::from_str(&stored.document)?;
    if stored.redeemed_at.is_some() && document.client_id == client.client_id {
        return Err(used_twice(server, &stored.grant_id).await?);
    }
    let redemption = CodeRedemption {
        client,
        code: document,
        expires_at: stored.expires_at,
        revoked: stored.is_revoked,
        redirect_uri: parameters.get("redirect_uri").map(str::to_owned),
        code_verifier: parameters.get("code_verifier").map(str::to_owned),
        dpop_jkt,
        now: server.clock.now(),
    };
    decide(CODE_REDEMPTION, &redemption)?;
    let CodeRedemption { client, code: document, dpop_jkt, now, .. } = redemption;
    let asked_resource = resource(parameters)?;
    if asked_resource.is_some() && document.resource.is_some() && asked_resource != document.resource {
        let words = "the code was made for another resource";
        return Err(Refusal::new(ErrorCode::InvalidTarget, "check_resource", words));
    }
    let account = stored.account;
    let subject = Subject {
        client: &client,
        account: Some(&account),
        scope: document.scope.clone(),
        resource: tokens::known_resource(server, asked_resource.or(document.resource))?,
        grant: Some(stored.grant_id.clone()),
        auth_time: Some(document.auth_time),
        sid: document.sid,
        nonce: document.nonce,
        dpop_jkt,
    };
    let new_refresh = refresh::first(server, &subject)?;
    let answer = tokens::answer(server, &subject, new_refresh.as_ref().map(|new| new.token.clone()))?;
    if !server.storage.redeem_code(&code_hash, new_refresh.map(|new| new.stored), now).await? {
        return Err(used_twice(server, &stored.grant_id).await?);
    }
    Ok((answer, account.username))
}

/// A second use means that two parties hold the code: all that it issued ends (RFC 6749 §4.1.2, §10.5).
async fn used_twice(server: &AuthServer, grant_id: &str) -> Result<Refusal, Refusal> {
    tokens::revoke_grant(server, grant_id).await?;
    Ok(Refusal::new(
        ErrorCode::InvalidGrant,
        "check_code_once",
        "the code was used already; all tokens that came of it are revoked",
    ))
}
