//! A device polls until its person has decided (RFC 8628 §3.4–3.5).

use super::{account, required};
use crate::auth_server::AuthServer;
use crate::auth_server::clients::Client;
use crate::auth_server::device_authorization::DeviceDocument;
use crate::auth_server::error::{ErrorCode, Refusal};
use crate::auth_server::parameters::Parameters;
use crate::auth_server::tokens::{self, Subject, TokenAnswer, refresh};
use crate::jose::sha256;
use crate::storage::device_codes::DeviceState;

/// Exchanges a device code.
pub(in crate::auth_server) async fn exchange(
    server: &AuthServer,
    client: &Client,
    parameters: &Parameters,
    dpop_jkt: Option<String>,
) -> Result<(TokenAnswer, String), Refusal> {
    let refuse = |code, rule, words: &'static str| Err(Refusal::new(code, rule, words));
    let code_hash = sha256(required(parameters, "device_code")?);
    let now = server.clock.now();
    let code = match server.storage.poll_device_code(&code_hash, now).await? {
        Some(code) if code.client_id == client.client_id => code,
        _ => return refuse(ErrorCode::InvalidGrant, "check_device_code_known", "the device code is unknown"),
    };
    if now >= code.expires_at {
        return refuse(ErrorCode::ExpiredToken, "check_device_code_alive", "the device code has expired; start again");
    }
    if now - code.last_polled_at < code.interval {
        return refuse(ErrorCode::SlowDown, "check_device_interval", "wait five seconds longer between polls");
    }
    let grant = match (code.state, code.grant_id) {
        (DeviceState::Approved, Some(grant)) => grant,
        (DeviceState::Pending, _) => {
            return refuse(ErrorCode::AuthorizationPending, "check_device_decision", "the person has not decided yet");
        }
        _ => return refuse(ErrorCode::AccessDenied, "check_device_decision", "the person did not allow it"),
    };
    let document: DeviceDocument = serde_json::from_str(&code.document)?;
    let stored = server.storage.grant(&grant).await?.filter(|grant| grant.revoked_at.is_none());
    let Some(stored) = stored else {
        return refuse(ErrorCode::InvalidGrant, "check_grant_alive", "the grant was revoked");
    };
    if !server.storage.redeem_device_code(&code_hash).await? {
        return refuse(ErrorCode::InvalidGrant, "check_device_code_once", "the device code was used already");
    }
    let account = account(server, &stored.account_id).await?;
    let subject = Subject {
        client,
        account: Some(&account),
        scope: stored.scope.parse().unwrap_or_default(),
        resource: tokens::known_resource(server, document.resource)?,
        grant: Some(grant),
        auth_time: Some(stored.created_at),
        sid: None,
        nonce: None,
        dpop_jkt,
    };
    let new_refresh = refresh::first(server, &subject)?;
    if let Some(new) = &new_refresh {
        server.storage.add_refresh_token(&new.stored).await?;
    }
    let answer = tokens::answer(server, &subject, new_refresh.map(|new| new.token))?;
    Ok((answer, account.username))
}
