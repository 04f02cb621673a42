//! `POST /oauth/token`: a grant becomes tokens (RFC 6749 §3.2, §5).

use super::AuthServer;
use super::clients::DEVICE_CODE;
use super::error::{ErrorCode, Refusal};
use super::parameters::{Form, Parameters};
use super::tokens::TokenAnswer;
use super::{client_authentication, dpop_proofs, explanation, grant_types};
use crate::checks::Check;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The grant type is one that is served, and that the client may use.
static GRANT_TYPE: Check = Check::new("check_grant_type", 6749, "4");

/// Takes a grant and answers with tokens.
pub(super) async fn post(
    State(server): State<Arc<AuthServer>>,
    headers: HeaderMap,
    Form(parameters): Form,
) -> Response {
    let mut client_id = String::new();
    let answer = exchange(&server, &headers, &parameters, &mut client_id).await;
    let response = match answer {
        Ok((answer, account)) => {
            server.allowed("token", &client_id, &account).await;
            let mut response = Json(answer).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(refusal) => {
            server.refused("token", &client_id, &refusal).await;
            refusal.into_response()
        }
    };
    dpop_proofs::with_nonce(&server, &headers, response)
}

/// The answer, and the account for the audit log.
async fn exchange(
    server: &AuthServer,
    headers: &HeaderMap,
    parameters: &Parameters,
    client_id: &mut String,
) -> Result<(TokenAnswer, String), Refusal> {
    let client = client_authentication::authenticate(server, headers, parameters).await?;
    client_id.clone_from(&client.client_id);
    let grant_type = parameters
        .get("grant_type")
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, GRANT_TYPE.name, "grant_type is missing"))?;
    let known = ["authorization_code", "refresh_token", "client_credentials", DEVICE_CODE];
    if !known.contains(&grant_type) {
        let words = "grant_type must be authorization_code, refresh_token, client_credentials or the device code's";
        return Err(Refusal::new(ErrorCode::UnsupportedGrantType, GRANT_TYPE.name, words));
    }
    if !client.may_use(grant_type) {
        let words = "this client may not use this grant type";
        return Err(Refusal::new(ErrorCode::UnauthorizedClient, GRANT_TYPE.name, words));
    }
    explanation::passed(&GRANT_TYPE);
    let dpop_jkt = dpop_proofs::proven_key(server, headers, "POST", "/oauth/token").await?;
    match grant_type {
        "authorization_code" => grant_types::authorization_code::exchange(server, client, parameters, dpop_jkt).await,
        "refresh_token" => grant_types::refresh_token::exchange(server, client, parameters, dpop_jkt).await,
        "client_credentials" => grant_types::client_credentials::exchange(server, client, parameters, dpop_jkt),
        _ => grant_types::device_code::exchange(server, client, parameters, dpop_jkt).await,
    }
}
