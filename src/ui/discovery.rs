//! The authorization server's metadata, for people to look at.

use super::client::call;
use serde_json::Value;

/// An endpoint as the metadata names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name in the metadata.
    pub name: &'static str,
    /// Its path on this server.
    pub path: &'static str,
    /// What it is for.
    pub purpose: &'static str,
    /// Where it is described.
    pub rule: &'static str,
}

const fn endpoint(name: &'static str, path: &'static str, purpose: &'static str, rule: &'static str) -> Endpoint {
    Endpoint { name, path, purpose, rule }
}

/// All that the metadata lists.
pub const ENDPOINTS: [Endpoint; 10] = [
    endpoint("authorization_endpoint", "/oauth/authorize", "people sign in and consent", "RFC 6749 §3.1"),
    endpoint("token_endpoint", "/oauth/token", "codes and refresh tokens become tokens", "RFC 6749 §3.2"),
    endpoint("revocation_endpoint", "/oauth/revoke", "a token is given back", "RFC 7009"),
    endpoint("introspection_endpoint", "/oauth/introspect", "a resource server asks about a token", "RFC 7662"),
    endpoint("jwks_uri", "/oauth/jwks", "the public keys", "RFC 7517"),
    endpoint("userinfo_endpoint", "/oauth/userinfo", "who signed in", "OpenID Connect Core §5.3"),
    endpoint("pushed_authorization_request_endpoint", "/oauth/par", "a request is sent ahead", "RFC 9126"),
    endpoint("device_authorization_endpoint", "/oauth/device_authorization", "devices without a browser", "RFC 8628"),
    endpoint("registration_endpoint", "/oauth/register", "clients register themselves, in a demo", "RFC 7591"),
    endpoint("end_session_endpoint", "/oauth/logout", "the session ends", "OpenID Connect RP-Initiated Logout"),
];

/// What is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Not asked yet, or no answer yet.
    NotYet,
    /// The document.
    Fetched(Value),
    /// No answer that can be read.
    Failed,
}

/// Fetches it; on the server there is nobody to fetch it for.
pub async fn fetch() -> Found {
    let found = call("GET", "/.well-known/openid-configuration", &[("Accept", "application/json")], None).await;
    match found.map(|answered| answered.json()) {
        Ok(document @ Value::Object(_)) => Found::Fetched(document),
        _ => Found::Failed,
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::ENDPOINTS;
    use crate::auth_server::endpoints::LISTED;

    #[test]
    fn the_list_is_the_routers() {
        let shown = ENDPOINTS.map(|endpoint| (endpoint.name, endpoint.path));
        assert_eq!(shown, LISTED);
    }
}
