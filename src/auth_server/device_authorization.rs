//! `POST /oauth/device_authorization`: a device without a keyboard asks for a code that its person types elsewhere
//! (RFC 8628 §3.1–3.2).

use super::AuthServer;
use super::client_authentication;
use super::clients::DEVICE_CODE;
use super::error::{ErrorCode, Refusal};
use super::parameters::{Form, Parameters};
use super::tokens::{self, DEFAULT_SCOPE};
use crate::jose::sha256;
use crate::random::Random;
use crate::storage::device_codes::{DeviceCode, DeviceState};
use crate::wire::scope::{MalformedScope, Scope};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;

/// How long a device code lives, in seconds.
const LIFETIME: i64 = 600;
/// How long a device waits between two polls, in seconds.
const INTERVAL: i64 = 5;
/// Letters that are not mistaken for one another and spell no words (RFC 8628 §6.1): 20⁸ codes.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// What a device asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DeviceDocument {
    /// What it wants to do.
    pub(super) scope: Scope,
    /// Where.
    pub(super) resource: Option<String>,
}

/// Answers with the device's code and the person's code.
pub(super) async fn post(
    State(server): State<Arc<AuthServer>>,
    headers: HeaderMap,
    Form(parameters): Form,
) -> Response {
    match begin(&server, &headers, &parameters).await {
        Ok(answer) => ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response(),
        Err(refusal) => {
            server.refused("device_authorization", parameters.get("client_id").unwrap_or_default(), &refusal).await;
            refusal.into_response()
        }
    }
}

async fn begin(server: &AuthServer, headers: &HeaderMap, parameters: &Parameters) -> Result<Value, Refusal> {
    let client = client_authentication::authenticate(server, headers, parameters).await?;
    if !client.may_use(DEVICE_CODE) {
        let words = "this client may not use the device flow";
        return Err(Refusal::new(ErrorCode::UnauthorizedClient, "check_grant_type", words));
    }
    let invalid = |words: String| Refusal::new(ErrorCode::InvalidScope, "check_scope", words);
    let scope: Scope = parameters
        .get("scope")
        .unwrap_or(DEFAULT_SCOPE)
        .parse()
        .map_err(|malformed: MalformedScope| invalid(malformed.to_string()))?;
    if !scope.is_within(&client.scope) {
        return Err(invalid(format!("this client may not ask for: {}", scope.without(&client.scope))));
    }
    let resource = parameters.get("resource").map(str::to_owned);
    tokens::known_resource(server, resource.clone())?;
    let now = server.clock.now();
    let device_code = server.random.token();
    let code = DeviceCode {
        code_hash: sha256(&device_code),
        client_id: client.client_id.clone(),
        document: serde_json::to_string(&DeviceDocument { scope, resource })?,
        state: DeviceState::Pending,
        grant_id: None,
        interval: INTERVAL,
        last_polled_at: now - INTERVAL,
        expires_at: now + LIFETIME,
    };
    let mut user_code = new_user_code(&server.random);
    // Two living codes may not be the same; with 20⁸ of them a second draw is all but never needed.
    while !server.storage.add_device_code(&code, &user_code_hash(&user_code), now).await? {
        user_code = new_user_code(&server.random);
    }
    server.allowed("device_authorization", &client.client_id, "").await;
    let verification_uri = format!("{}/oauth/device", server.issuer);
    Ok(json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": verification_uri,
        "verification_uri_complete": format!("{verification_uri}?user_code={user_code}"),
        "expires_in": LIFETIME,
        "interval": INTERVAL,
    }))
}

/// Eight letters with a hyphen in the middle. Bytes past the last whole multiple of 20 are drawn again, so that every
/// letter is as likely as the others.
fn new_user_code(random: &Random) -> String {
    let mut code = String::with_capacity(9);
    while code.len() < 9 {
        for byte in random.bytes::<16>() {
            if byte < 240 && code.len() < 9 {
                if code.len() == 4 {
                    code.push('-');
                }
                code.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
            }
        }
    }
    code
}

/// People type in lower case and leave the hyphen out or put others in (RFC 8628 §6.1).
pub(super) fn user_code_hash(typed: &str) -> Vec<u8> {
    let letters: String =
        typed.chars().filter(char::is_ascii_alphabetic).map(|letter| letter.to_ascii_uppercase()).collect();
    sha256(letters)
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, new_user_code, user_code_hash};
    use crate::random::Random;

    #[test]
    fn a_user_code_is_easy_to_type() {
        let code = new_user_code(&Random::system());
        assert_eq!(code.len(), 9);
        assert_eq!(code.as_bytes()[4], b'-');
        assert!(code.bytes().filter(|byte| *byte != b'-').all(|byte| LETTERS.contains(&byte)));
    }

    #[test]
    fn typing_is_forgiven() {
        assert_eq!(user_code_hash("wdjb-mjht"), user_code_hash("WDJB MJHT "));
        assert_ne!(user_code_hash("WDJB-MJHT"), user_code_hash("WDJB-MJHS"));
    }
}
