//! Forms of ours that another site sends (RFC 6749 §10.12; Fetch Metadata Request Headers): refused before their token
//! is looked at. The token would refuse them too; this stands where a token leaks, or where somebody forgets to ask it.
//!
//! It is for filled-in forms of ours alone. That a *client* sends a person here by `POST` from its own site is meant to
//! work (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2), decides nothing by itself, and carries no form token.

use super::AuthServer;
use super::html;
use super::parameters::{self, Parameters};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::Response;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Reads a form that came to one of the pages for people. Every form of ours has a step and a token, and none does
/// anything without them, so that they tell ours from a client's request.
///
/// # Errors
/// A page that says so when another site sent a form of ours; otherwise as [`parameters::read_form`].
pub(super) async fn read_form(server: &AuthServer, request: Request) -> Result<Parameters, Response> {
    let from_elsewhere = is_sent_from_elsewhere(request.headers(), &server.issuer);
    let form = parameters::read_form(request).await?;
    if from_elsewhere && (form.has("step") || form.has("form_token")) {
        return Err(html::stale_form());
    }
    Ok(form)
}

/// Whether the browser says that another site sends this.
///
/// `Sec-Fetch-Site` is the one to trust: no page can forge it, and no policy takes it away. `Origin` must be ours where
/// it names an origin at all. Our own `Referrer-Policy: no-referrer` makes browsers say `null` there, also for our own
/// forms (Fetch §3.2, "append a request Origin header"), so `null` says nothing. A browser too old for both headers
/// has the token to go by.
pub(super) fn is_sent_from_elsewhere(headers: &HeaderMap, issuer: &str) -> bool {
    let says = |name| headers.get_all(name).iter().map(|value| value.as_bytes());
    says(SEC_FETCH_SITE).any(|site| !matches!(site, b"same-origin" | b"none"))
        || says(header::ORIGIN).any(|origin| origin != b"null" && origin != issuer.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::is_sent_from_elsewhere;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    fn from_elsewhere(headers: &[(&'static str, &'static str)]) -> bool {
        let pairs =
            headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        is_sent_from_elsewhere(&HeaderMap::from_iter(pairs), "https://id.example")
    }

    #[test]
    fn our_own_pages_and_old_browsers_pass() {
        for headers in [
            &[][..],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://id.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "null")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://id.example")],
            &[("origin", "null")],
        ] {
            assert!(!from_elsewhere(headers), "{headers:?}");
        }
    }

    #[test]
    fn other_sites_and_other_origins_of_this_site_do_not() {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://id.example")],
            &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://id.example")],
            &[("origin", "https://id.example:444")],
            &[("sec-fetch-site", "")],
        ] {
            assert!(from_elsewhere(headers), "{headers:?}");
        }
    }
}
