//! Giving the tokens back (RFC 7009), and ending the session at the authorization server.

use super::metadata::{metadata, origin};
use super::{Application, Failure};
use crate::ui::{client, recorder, session};
use web_sys::UrlSearchParams;

/// Revokes what this tab holds and forgets it. It is forgotten even when the server cannot be told.
///
/// The `oauth2` crate revokes over HTTPS only, and development runs on a loopback address, so the form is written here.
///
/// # Errors
/// When the authorization server could not be told; the tokens then live until they expire.
pub async fn sign_out(application: Application) -> Result<(), Failure> {
    let tokens = session::tokens(application);
    session::keep_tokens(application, None);
    session::forget_pending();
    let Some(tokens) = tokens else { return Ok(()) };
    let Some(endpoint) = metadata().await?.revocation_endpoint else { return Ok(()) };
    // Revoking the refresh token ends the access tokens of the same grant too (RFC 7009 §2.1).
    let (token, hint) = match tokens.refresh_token {
        Some(token) => (token, "refresh_token"),
        None => (tokens.access_token, "access_token"),
    };
    let body = form(&[("token", &token), ("token_type_hint", hint), ("client_id", application.client_id())])?;
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let answered = client::call("POST", &endpoint, &headers, Some(&body)).await;
    // What was just sent is a secret too.
    recorder::forget_secrets();
    if answered?.is_ok() { Ok(()) } else { Err(Failure::Malformed) }
}

/// Where to end the session at the authorization server, if it offers that. No token goes into the URL.
pub async fn end_session_url() -> Option<String> {
    let endpoint = metadata().await.ok()?.end_session_endpoint?;
    let back = format!("{}/signed-out", origin().ok()?);
    let query = form(&[("client_id", Application::ThreeKeys.client_id()), ("post_logout_redirect_uri", &back)]).ok()?;
    Some(format!("{endpoint}?{query}"))
}

/// Fields as a form.
///
/// # Errors
/// When there is no browser.
pub(crate) fn form(fields: &[(&str, &str)]) -> Result<String, Failure> {
    let form = UrlSearchParams::new().map_err(|_| Failure::NoBrowser)?;
    fields.iter().for_each(|(name, value)| form.append(name, value));
    Ok(String::from(form.to_string()))
}
