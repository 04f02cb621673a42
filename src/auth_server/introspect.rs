//! `POST /oauth/introspect`: what a token is worth, for those who may know (RFC 7662).

use super::AuthServer;
use super::client_authentication;
use super::clients::Client;
use super::error::{ErrorCode, Refusal};
use super::parameters::{Form, Parameters};
use super::rules::subjects::RefreshDocument;
use super::tokens::access_token;
use crate::checks::Trace;
use crate::jose::sha256;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// Answers with the token's claims, or with `{"active":false}` and nothing more.
pub(super) async fn post(
    State(server): State<Arc<AuthServer>>,
    headers: HeaderMap,
    Form(parameters): Form,
) -> Response {
    match introspect(&server, &headers, &parameters).await {
        Ok(answer) => {
            let mut response = Json(answer).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(refusal) => {
            server.refused("introspect", parameters.get("client_id").unwrap_or_default(), &refusal).await;
            refusal.into_response()
        }
    }
}

async fn introspect(server: &AuthServer, headers: &HeaderMap, parameters: &Parameters) -> Result<Value, Refusal> {
    let client = client_authentication::authenticate(server, headers, parameters).await?;
    if client.is_public() {
        // Anybody can say that it is a public client (RFC 7662 §2.1, §4).
        let words = "introspection is for clients that authenticate";
        return Err(Refusal::new(ErrorCode::InvalidClient, "check_confidential", words));
    }
    let token = parameters
        .get("token")
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, "check_required", "token is missing"))?;
    // Refresh tokens are one word of base64url, access tokens have dots; so nothing is looked up in vain.
    let active = if token.contains('.') {
        access(server, &client, token).await
    } else {
        refresh_token(server, &client, token).await?
    };
    Ok(active.unwrap_or_else(|| json!({ "active": false })))
}

/// A client may look at its own tokens; only a resource server may look at all.
fn may_see(client: &Client, owner: &str) -> bool {
    client.introspects_all || client.client_id == owner
}

async fn access(server: &AuthServer, client: &Client, token: &str) -> Option<Value> {
    let verified = access_token::living(server, token, &mut Trace::off()).await.ok();
    let verified = verified.filter(|verified| may_see(client, &verified.claims.client_id))?;
    let claims = &verified.claims;
    let token_type = if claims.cnf.is_some() { "DPoP" } else { "Bearer" };
    let mut answer = serde_json::to_value(claims).ok()?;
    let members = answer.as_object_mut()?;
    members.remove("grant");
    members.insert("active".to_owned(), json!(true));
    members.insert("token_type".to_owned(), json!(token_type));
    if let Some(username) = &claims.preferred_username {
        members.insert("username".to_owned(), json!(username));
    }
    Some(answer)
}

async fn refresh_token(server: &AuthServer, client: &Client, token: &str) -> Result<Option<Value>, Refusal> {
    let Some(stored) = server.storage.refresh_token(&sha256(token)).await? else { return Ok(None) };
    let document: RefreshDocument = serde_json::from_str(&stored.document)?;
    let alive = stored.rotated_at.is_none() && server.clock.now() < stored.expires_at && !stored.is_revoked;
    Ok((alive && may_see(client, &document.client_id)).then(|| {
        json!({
            "active": true,
            "iss": &*server.issuer,
            "client_id": document.client_id,
            "sub": document.account_id,
            "scope": document.scope,
            "exp": stored.expires_at,
        })
    }))
}
