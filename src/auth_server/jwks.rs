//! `GET /oauth/jwks`: the public halves of the signing keys (RFC 7517 §5).

use super::AuthServer;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// The key set. Verifiers may keep it for a while; an unknown `kid` tells them to ask again.
pub(super) async fn get(State(server): State<Arc<AuthServer>>) -> Response {
    let mut response = Json(server.keys.published(server.clock.now())).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jwk-set+json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response
}
