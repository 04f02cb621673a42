//! The metadata, through which everything else is found (RFC 8414, OpenID Connect Discovery). It lists what is
//! served, and all of it.

use super::AuthServer;
use super::client_authentication::{ASSERTION_ALGORITHMS, METHODS};
use super::clients::{DEVICE_CODE, SCOPES};
use super::endpoints::{LISTED, REGISTER};
use crate::dpop;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET /.well-known/oauth-authorization-server` (RFC 8414 §3).
pub(super) async fn oauth(State(server): State<Arc<AuthServer>>) -> Response {
    cacheable(document(&server))
}

/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery §4).
pub(super) async fn openid(State(server): State<Arc<AuthServer>>) -> Response {
    cacheable(document(&server))
}

fn cacheable(document: Value) -> Response {
    let mut response = Json(document).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}

/// One document serves both: every member is registered for it in the same IANA registry.
fn document(server: &AuthServer) -> Value {
    let authenticated: Vec<&str> = METHODS.into_iter().filter(|method| *method != "none").collect();
    let mut document = json!({
        "issuer": &*server.issuer,
        "scopes_supported": SCOPES.split(' ').collect::<Vec<_>>(),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", DEVICE_CODE],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
        "introspection_endpoint_auth_methods_supported": authenticated,
        "introspection_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
        "authorization_response_iss_parameter_supported": true,
        "require_pushed_authorization_requests": false,
        "dpop_signing_alg_values_supported": dpop::ALGORITHMS,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "at_hash", "sid", "preferred_username",
        ],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "ui_locales_supported": ["en"],
        "service_documentation": format!("{}/", server.issuer),
        "protected_resources": [server.own_resource()],
    });
    let listed = LISTED.into_iter().filter(|(_, path)| server.open_registration || *path != REGISTER);
    for (name, path) in listed {
        document[name] = json!(format!("{}{path}", server.issuer));
    }
    document
}
