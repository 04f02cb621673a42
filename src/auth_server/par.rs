//! `POST /oauth/par`: a client pushes its authorization request, so that the browser carries only a reference
//! (RFC 9126).

use super::AuthServer;
use super::client_authentication;
use super::dpop_proofs;
use super::error::{ErrorCode, Refusal};
use super::parameters::{Form, Parameters};
use super::rules::subjects::Asked;
use super::rules::{AUTHORIZATION, BEFORE_REDIRECTING, decide};
use crate::jose::sha256;
use crate::storage::pushed_requests::PushedRequest;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// How long a pushed request can be used, in seconds.
const LIFETIME: i64 = 60;
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Takes a request, asks the same rules as the authorization endpoint, and answers with its reference.
pub(super) async fn post(
    State(server): State<Arc<AuthServer>>,
    headers: HeaderMap,
    Form(parameters): Form,
) -> Response {
    let response = match push(&server, &headers, &parameters).await {
        Ok((client_id, request_uri)) => {
            server.allowed("par", &client_id, "").await;
            let answer = json!({ "request_uri": request_uri, "expires_in": LIFETIME });
            (StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
        }
        Err(refusal) => {
            server.refused("par", parameters.get("client_id").unwrap_or_default(), &refusal).await;
            refusal.into_response()
        }
    };
    dpop_proofs::with_nonce(&server, &headers, response)
}

async fn push(server: &AuthServer, headers: &HeaderMap, parameters: &Parameters) -> Result<(String, String), Refusal> {
    let client = client_authentication::authenticate(server, headers, parameters).await?;
    if parameters.has("request_uri") {
        let words = "a pushed request cannot refer to another one";
        return Err(Refusal::new(ErrorCode::InvalidRequest, "check_no_request_uri", words));
    }
    // RFC 9449 §10.1: a proof here binds the code to its key.
    let proven = dpop_proofs::proven_key(server, headers, "POST", "/oauth/par").await?;
    let mut query = parameters.to_query_without(&["client_secret", "client_assertion", "client_assertion_type"]);
    if let Some(jkt) = proven {
        if parameters.get("dpop_jkt").is_some_and(|other| other != jkt) {
            let words = "dpop_jkt is not the key of the proof";
            return Err(Refusal::new(ErrorCode::InvalidDpopProof, "check_dpop_key", words));
        }
        if !parameters.has("dpop_jkt") {
            query.push_str("&dpop_jkt=");
            query.push_str(&jkt);
        }
    }
    let asked =
        Asked { parameters: Parameters::parse(query.as_bytes()), client, pushed: true, resources: server.resources() };
    decide(BEFORE_REDIRECTING.iter().chain(AUTHORIZATION), &asked)?;
    let client_id = asked.client.client_id.clone();
    let reference = server.random.token();
    let request = PushedRequest {
        client_id: client_id.clone(),
        parameters: query,
        expires_at: server.clock.now() + LIFETIME,
        used_at: None,
    };
    server.storage.add_pushed_request(&sha256(&reference), &request).await?;
    Ok((client_id, format!("{PREFIX}{reference}")))
}

/// The request behind a reference, for the client that pushed it, with the hash to mark it used.
pub(super) async fn find(
    server: &AuthServer,
    request_uri: &str,
    client_id: &str,
) -> Result<(Parameters, Vec<u8>), Refusal> {
    let Some(reference) = request_uri.strip_prefix(PREFIX) else {
        let words = "request_uri is only taken from the pushed authorization request endpoint";
        return Err(Refusal::new(ErrorCode::RequestUriNotSupported, "check_request_uri", words));
    };
    let hash = sha256(reference);
    let found = server.storage.pushed_request(&hash).await?;
    let alive = found.filter(|request| {
        request.client_id == client_id && request.used_at.is_none() && server.clock.now() < request.expires_at
    });
    let Some(request) = alive else {
        let words = "the pushed request is unknown, was used, has expired, or is another client's";
        return Err(Refusal::new(ErrorCode::InvalidRequestUri, "check_request_uri", words));
    };
    Ok((Parameters::parse(request.parameters.as_bytes()), hash))
}
