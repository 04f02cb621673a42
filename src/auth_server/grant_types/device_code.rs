//! A device polls until its person has decided (RFC 8628 §3.4–3.5).

use super::required;
use crate::auth_server::AuthServer;
use crate::auth_server::clients::Client;
use crate::auth_server::device_authorization::DeviceDocument;
use crate::auth_server::error::{ErrorCode, Refusal};
use crate::auth_server::parameters::Parameters;
use crate::auth_server::rules::subjects::DevicePoll;
use crate::auth_server::rules::{DEVICE_CODE, decide};
use crate::auth_server::tokens::{self, Subject, TokenAnswer, refresh};
use crate::jose::sha256;
use std::sync::Arc;

/// Exchanges a device code.
pub(in crate::auth_server) async fn exchange(
    server: &AuthServer,
    client: Arc<Client>,
    parameters: &Parameters,
    dpop_jkt: Option<String>,
) -> Result<(TokenAnswer, String), Refusal> {
    let invalid = |rule, words: &'static str| Refusal::new(ErrorCode::InvalidGrant, rule, words);
    let code_hash = sha256(required(parameters, "device_code")?);
    let now = server.clock.now();
    let code = server
        .storage
        .poll_device_code(&code_hash, now)
        .await?
        .ok_or_else(|| invalid("check_device_code_known", "the device code is unknown"))?;
    let poll = DevicePoll { client, code, dpop_jkt, now };
    decide(DEVICE_CODE, &poll)?;
    let gone = || invalid("check_grant_alive", "the grant was revoked");
    let grant_id = poll.code.grant_id.clone().ok_or_else(gone)?;
    let stored = server.storage.grant(&grant_id).await?.filter(|grant| grant.revoked_at.is_none()).ok_or_else(gone)?;
    let document: DeviceDocument = serde_json::from_str(&poll.code.document)?;
    if !server.storage.redeem_device_code(&code_hash).await? {
        return Err(invalid("check_device_code_once", "the device code was used already"));
    }
    let account = server.storage.account_by_id(&stored.account_id).await?;
    let account = account.ok_or_else(|| invalid("check_account", "the account is gone"))?;
    let subject = Subject {
        client: &poll.client,
        account: Some(&account),
        scope: stored.scope.parse().unwrap_or_default(),
        resource: tokens::known_resource(server, document.resource)?,
        grant: Some(grant_id),
        auth_time: Some(stored.created_at),
        sid: None,
        nonce: None,
        dpop_jkt: poll.dpop_jkt.clone(),
    };
    let new_refresh = refresh::first(server, &subject)?;
    if let Some(new) = &new_refresh {
        server.storage.add_refresh_token(new.stored.clone()).await?;
    }
    let answer = tokens::answer(server, &subject, new_refresh.map(|new| new.token))?;
    Ok((answer, account.username))
}
