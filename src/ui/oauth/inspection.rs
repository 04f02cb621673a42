//! Asking about a token (RFC 7662), and revoking it alone (RFC 7009).

use super::metadata::metadata;
use super::sign_out::form;
use super::{Application, Failure};
use crate::ui::client::{basic_header, call};
use crate::ui::session;

/// The demo's resource server, as its documentation names it. No browser would hold a resource server's credentials: this
/// one is in every demo, and opens nothing elsewhere.
const RESOURCE_SERVER: (&str, &str) = ("resource-server", "resource-secret-90c4e6d1");
const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// What a resource server is told about this tab's access token, as JSON.
///
/// # Errors
/// When there is no token, or no answer.
pub async fn introspect() -> Result<String, Failure> {
    let token = session::oauth().ok_or(Failure::NothingToFinish)?.access_token;
    let endpoint = metadata().await?.introspection_endpoint.ok_or(Failure::Malformed)?;
    let authorization = basic_header(RESOURCE_SERVER.0, RESOURCE_SERVER.1);
    let body = form(&[("token", &token)])?;
    let answered = call("POST", &endpoint, &[FORM, ("Authorization", &authorization)], Some(&body)).await?;
    serde_json::to_string_pretty(&answered.json()).map_err(|_| Failure::Malformed)
}

/// Revokes this tab's access token and leaves the refresh token alone.
///
/// # Errors
/// When there is no token, or the server could not be told.
pub async fn revoke_access_token() -> Result<(), Failure> {
    let token = session::oauth().ok_or(Failure::NothingToFinish)?.access_token;
    let endpoint = metadata().await?.revocation_endpoint.ok_or(Failure::Malformed)?;
    let client_id = Application::ThreeKeys.client_id();
    let body = form(&[("token", &token), ("token_type_hint", "access_token"), ("client_id", client_id)])?;
    let answered = call("POST", &endpoint, &[FORM], Some(&body)).await?;
    if answered.is_ok() { Ok(()) } else { Err(Failure::Malformed) }
}
