//! The browser's OAuth client: a public client with PKCE (RFC 6749 §4.1, RFC 7636), bound to this tab.

mod failure;
#[cfg(feature = "hydrate")]
mod metadata;
#[cfg(feature = "hydrate")]
mod refresh;
#[cfg(feature = "hydrate")]
mod sign_in;
#[cfg(feature = "hydrate")]
mod sign_out;
#[cfg(feature = "hydrate")]
mod tokens;

pub use failure::Failure;
#[cfg(feature = "hydrate")]
pub use refresh::refresh;
#[cfg(feature = "hydrate")]
pub use sign_in::{begin, finish};
#[cfg(feature = "hydrate")]
pub use sign_out::{end_session_url, sign_out};

/// The name under which the authorization server knows this application.
pub const CLIENT_ID: &str = "three-keys-ui";

/// Every scope token this application may ask for, with what it is for, and whether it is asked for by default.
pub const SCOPES: [(&str, &str, bool); 6] = [
    ("openid", "learn who you are, in an ID token", true),
    ("profile", "see your name and role", true),
    ("offline_access", "get a refresh token, to stay signed in", true),
    ("pages:read", "read the wiki's pages", true),
    ("pages:write", "create, change and delete pages", true),
    ("audit:read", "read the audit log", false),
];

/// Outside a browser there is nobody to sign in; these let the server's half of the pages compile.
#[cfg(not(feature = "hydrate"))]
mod nowhere {
    use super::Failure;

    /// Leaves for the authorization server.
    ///
    /// # Errors
    /// Always, outside a browser.
    pub async fn begin(_scope: Vec<String>, _back: &str) -> Result<(), Failure> {
        Err(Failure::NoBrowser)
    }

    /// Ends a sign-in that came back.
    ///
    /// # Errors
    /// Always, outside a browser.
    pub async fn finish(_query: String) -> Result<String, Failure> {
        Err(Failure::NoBrowser)
    }

    /// Gives the tokens back.
    ///
    /// # Errors
    /// Always, outside a browser.
    pub async fn sign_out() -> Result<(), Failure> {
        Err(Failure::NoBrowser)
    }

    /// Where the session at the authorization server can be ended.
    pub async fn end_session_url() -> Option<String> {
        None
    }
}
#[cfg(not(feature = "hydrate"))]
pub use nowhere::{begin, end_session_url, finish, sign_out};
