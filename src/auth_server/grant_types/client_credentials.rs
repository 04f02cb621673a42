//! A confidential client acts for itself (RFC 6749 §4.4).

use super::resource;
use crate::auth_server::AuthServer;
use crate::auth_server::clients::Client;
use crate::auth_server::error::{ErrorCode, Refusal};
use crate::auth_server::parameters::Parameters;
use crate::auth_server::tokens::{self, DEFAULT_SCOPE, Subject, TokenAnswer};
use crate::wire::scope::{MalformedScope, Scope};

/// Issues an access token, and nothing else (RFC 6749 §4.4.3).
pub(in crate::auth_server) fn exchange(
    server: &AuthServer,
    client: &Client,
    parameters: &Parameters,
    dpop_jkt: Option<String>,
) -> Result<(TokenAnswer, String), Refusal> {
    if client.is_public() {
        let words = "client_credentials is for confidential clients";
        return Err(Refusal::new(ErrorCode::UnauthorizedClient, "check_confidential", words));
    }
    if client.dpop_bound_access_tokens && dpop_jkt.is_none() {
        let words = "this client only takes DPoP-bound tokens; the proof is missing";
        return Err(Refusal::new(ErrorCode::InvalidDpopProof, "check_dpop_key", words));
    }
    let invalid = |words: String| Refusal::new(ErrorCode::InvalidScope, "check_scope", words);
    // These are about a person, and there is none here.
    let personal: Scope = "openid offline_access".parse().unwrap_or_default();
    let allowed = client.scope.without(&personal);
    let scope: Scope = parameters
        .get("scope")
        .unwrap_or(DEFAULT_SCOPE)
        .parse()
        .map_err(|malformed: MalformedScope| invalid(malformed.to_string()))?;
    if !scope.is_within(&allowed) {
        return Err(invalid(format!("this client may not ask for: {}", scope.without(&allowed))));
    }
    let subject = Subject {
        client,
        account: None,
        scope,
        resource: tokens::known_resource(server, resource(parameters)?)?,
        grant: None,
        auth_time: None,
        sid: None,
        nonce: None,
        dpop_jkt,
    };
    Ok((tokens::answer(server, &subject, None)?, String::new()))
}
