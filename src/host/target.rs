//! What a request is for must have a path: a bare authority is how a proxy is asked for a tunnel (RFC 9112 §3.2.3), and
//! the router of the pages takes a path for granted.

use crate::resource_server::api;
use crate::wire::problem::Problem;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// Refuses a target without a path.
pub(super) async fn check(request: Request, next: Next) -> Response {
    if request.uri().path_and_query().is_none() {
        return api::answer(&Problem::new(400, "the request's target has no path; this is no proxy"));
    }
    next.run(request).await
}
