//! The authorization server's metadata (RFC 8414): the only place from which its endpoints are known.

use super::Failure;
use crate::ui::client;
use serde::Deserialize;
use std::cell::RefCell;

const PATH: &str = "/.well-known/oauth-authorization-server";

/// The endpoints this application uses.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Metadata {
    /// Who the server says it is.
    pub(crate) issuer: String,
    /// Where people sign in and consent.
    pub(crate) authorization_endpoint: String,
    /// Where codes and refresh tokens are exchanged.
    pub(crate) token_endpoint: String,
    /// Where the issuer's public keys are (RFC 7517 §5).
    pub(crate) jwks_uri: String,
    /// Where tokens are given back (RFC 7009).
    #[serde(default)]
    pub(crate) revocation_endpoint: Option<String>,
    /// Where resource servers ask about tokens (RFC 7662).
    #[serde(default)]
    pub(crate) introspection_endpoint: Option<String>,
    /// Where a request may be left before the browser goes there (RFC 9126).
    #[serde(default)]
    pub(crate) pushed_authorization_request_endpoint: Option<String>,
    /// Where the session at the server is ended (OpenID Connect RP-Initiated Logout).
    #[serde(default)]
    pub(crate) end_session_endpoint: Option<String>,
}

thread_local! {
    static KNOWN: RefCell<Option<Metadata>> = const { RefCell::new(None) };
}

/// This page's origin; the authorization server lives at the same one.
pub(crate) fn origin() -> Result<String, Failure> {
    web_sys::window().and_then(|window| window.location().origin().ok()).ok_or(Failure::NoBrowser)
}

/// The metadata, fetched once. Its issuer has to be the one it was fetched from (RFC 8414 §3.3).
pub(crate) async fn metadata() -> Result<Metadata, Failure> {
    if let Some(known) = KNOWN.with_borrow(Clone::clone) {
        return Ok(known);
    }
    let origin = origin()?;
    let url = format!("{origin}{PATH}");
    let answered = client::call("GET", &url, &[("Accept", "application/json")], None).await?;
    if answered.status != 200 {
        return Err(Failure::Metadata("the server does not offer it"));
    }
    let text = answered.answer.body;
    let found: Metadata =
        serde_json::from_str(&text).map_err(|_| Failure::Metadata("it is not the document that RFC 8414 describes"))?;
    if found.issuer != origin {
        return Err(Failure::ForeignMetadata { found: found.issuer, expected: origin });
    }
    KNOWN.set(Some(found.clone()));
    Ok(found)
}
