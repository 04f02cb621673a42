//! What the OAuth door says of itself, so that a client finds the authorization server (RFC 9728).

use super::ResourceServer;
use crate::dpop;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// `GET /.well-known/oauth-protected-resource/api/oauth` (RFC 9728 §3), and the same without the path.
pub(super) async fn get(State(server): State<Arc<ResourceServer>>) -> Response {
    let document = json!({
        "resource": &*server.resource,
        "resource_name": "Three Keys wiki",
        "authorization_servers": [&*server.issuer],
        "scopes_supported": ["profile", "pages:read", "pages:write", "audit:read"],
        "bearer_methods_supported": ["header"],
        "dpop_signing_alg_values_supported": dpop::ALGORITHMS,
        "dpop_bound_access_tokens_required": false,
    });
    let headers = [(header::CACHE_CONTROL, "public, max-age=300"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (headers, Json(document)).into_response()
}

impl ResourceServer {
    /// Where the door's metadata is.
    pub fn metadata_url(&self) -> String {
        format!("{}/.well-known/oauth-protected-resource/api/oauth", self.issuer)
    }
}
