//! Headers that every answer carries.

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

/// For a year, browsers come back over HTTPS alone (RFC 6797).
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Whether answers say that the server is to be reached over HTTPS alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct OverHttpsAlone(pub(super) bool);

impl OverHttpsAlone {
    /// Where the issuer is HTTPS. Not at `localhost`: browsers would refuse every other developer's server there.
    pub(super) fn at(issuer: &str) -> Self {
        let rest = issuer.strip_prefix("https://");
        Self(rest.is_some_and(|rest| rest.split(':').next() != Some("localhost")))
    }
}

/// Adds what no answer should be without. A page's own Content-Security-Policy and framing rules stay.
pub(super) async fn add(State(https): State<OverHttpsAlone>, mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    headers
        .entry(HeaderName::from_static("cross-origin-opener-policy"))
        .or_insert(HeaderValue::from_static("same-origin"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    if https.0 {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::OverHttpsAlone;

    #[test]
    fn browsers_are_bound_to_https_only_where_nobody_else_serves() {
        assert!(OverHttpsAlone::at("https://keys.example").0 && OverHttpsAlone::at("https://127.0.0.1:3000").0);
        assert!(!OverHttpsAlone::at("https://localhost:3000").0 && !OverHttpsAlone::at("http://127.0.0.1:3000").0);
    }
}
