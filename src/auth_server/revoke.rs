//! `POST /oauth/revoke`: a client gives a token back (RFC 7009).

use super::AuthServer;
use super::client_authentication;
use super::error::Refusal;
use super::parameters::{Form, Parameters};
use super::rules::subjects::RefreshDocument;
use super::tokens::{self, access_token};
use crate::auth_server::error::ErrorCode;
use crate::checks::Trace;
use crate::jose::sha256;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Ends the token. An unknown one is none any more, which is what was asked (RFC 7009 §2.2).
pub(super) async fn post(
    State(server): State<Arc<AuthServer>>,
    headers: HeaderMap,
    Form(parameters): Form,
) -> Response {
    match revoke(&server, &headers, &parameters).await {
        Ok(client_id) => {
            server.allowed("revoke", &client_id, "").await;
            StatusCode::OK.into_response()
        }
        Err(refusal) => {
            server.refused("revoke", parameters.get("client_id").unwrap_or_default(), &refusal).await;
            refusal.into_response()
        }
    }
}

async fn revoke(server: &AuthServer, headers: &HeaderMap, parameters: &Parameters) -> Result<String, Refusal> {
    let client = client_authentication::authenticate(server, headers, parameters).await?;
    let token = parameters
        .get("token")
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, "check_required", "token is missing"))?;
    // `token_type_hint` could only save a look-up; both kinds are told apart at a glance, so a wrong hint harms nothing.
    if let Some(stored) = server.storage.refresh_token(&sha256(token)).await? {
        let document: RefreshDocument = serde_json::from_str(&stored.document)?;
        // Another client's token is left alone, and nothing is said about it.
        if document.client_id == client.client_id {
            tokens::revoke_grant(server, &stored.grant_id).await?;
        }
    } else if let Ok(verified) = access_token::living(server, token, &mut Trace::off()).await
        && verified.claims.client_id == client.client_id
    {
        tokens::revoke_access_token(server, &verified.claims.jti).await?;
    }
    Ok(client.client_id.clone())
}
