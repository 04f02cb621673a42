//! Headers that every answer carries, and the one canonical address.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Adds what no answer should be without. A page's own Content-Security-Policy and framing rules stay.
pub(super) async fn add(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    headers
        .entry(header::HeaderName::from_static("cross-origin-opener-policy"))
        .or_insert(HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

/// Sends a browser that came by `localhost` on to the issuer's own origin: redirect URIs and cookies belong to that one.
pub(super) async fn canonical(State(issuer): State<Arc<str>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let elsewhere = name.eq_ignore_ascii_case("localhost") && !issuer.contains("//localhost");
    if elsewhere && *request.method() == Method::GET {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        if let Ok(location) = HeaderValue::try_from(format!("{issuer}{path}")) {
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response();
        }
    }
    next.run(request).await
}
