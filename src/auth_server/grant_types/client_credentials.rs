//! A confidential client acts for itself (RFC 6749 §4.4).

use super::resource;
use crate::auth_server::AuthServer;
use crate::auth_server::clients::Client;
use crate::auth_server::error::Refusal;
use crate::auth_server::parameters::Parameters;
use crate::auth_server::rules::subjects::OwnBehalf;
use crate::auth_server::rules::{CLIENT_CREDENTIALS, decide};
use crate::auth_server::tokens::{self, DEFAULT_SCOPE, Subject, TokenAnswer};
use std::sync::Arc;

/// Issues an access token, and nothing else (RFC 6749 §4.4.3).
pub(in crate::auth_server) fn exchange(
    server: &AuthServer,
    client: Arc<Client>,
    parameters: &Parameters,
    dpop_jkt: Option<String>,
) -> Result<(TokenAnswer, String), Refusal> {
    let own = OwnBehalf { client, scope: parameters.get("scope").unwrap_or(DEFAULT_SCOPE).to_owned(), dpop_jkt };
    decide(CLIENT_CREDENTIALS, &own)?;
    let subject = Subject {
        client: &own.client,
        account: None,
        // The rules have parsed it already.
        scope: own.scope.parse().unwrap_or_default(),
        resource: tokens::known_resource(server, resource(parameters)?)?,
        grant: None,
        auth_time: None,
        sid: None,
        nonce: None,
        dpop_jkt: own.dpop_jkt.clone(),
    };
    Ok((tokens::answer(server, &subject, None)?, String::new()))
}
