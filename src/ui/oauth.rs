//! The browser's OAuth clients: public clients with PKCE (RFC 6749 §4.1, RFC 7636), bound to this tab.

mod failure;
#[cfg(feature = "hydrate")]
mod inspection;
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
pub use inspection::{introspect, revoke_access_token};
#[cfg(feature = "hydrate")]
pub(crate) use metadata::{metadata, origin};
#[cfg(feature = "hydrate")]
pub use refresh::refresh;
#[cfg(feature = "hydrate")]
pub use sign_in::{accept_answer, begin, finish, leave, prepare, redeem};
#[cfg(feature = "hydrate")]
pub(crate) use sign_out::form;
#[cfg(feature = "hydrate")]
pub use sign_out::{end_session_url, sign_out};

/// An application of this site, as the authorization server knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Application {
    /// This user interface itself.
    ThreeKeys,
    /// The trip planner, somebody else's as far as the authorization server is concerned.
    TripPlanner,
}

impl Application {
    /// The name under which the authorization server knows it (RFC 6749 §2.2).
    pub fn client_id(self) -> &'static str {
        match self {
            Application::ThreeKeys => "three-keys-ui",
            Application::TripPlanner => "trip-planner",
        }
    }

    /// Where the authorization server sends people back to.
    pub fn redirect_path(self) -> &'static str {
        match self {
            Application::ThreeKeys => "/callback",
            Application::TripPlanner => "/trip-planner/callback",
        }
    }

    /// Where its tokens are kept in session storage.
    pub fn slot(self) -> &'static str {
        match self {
            Application::ThreeKeys => "three-keys.oauth",
            Application::TripPlanner => "three-keys.trip-planner",
        }
    }
}

/// What an application asks the authorization server for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Who asks.
    pub application: Application,
    /// The scope tokens.
    pub scope: Vec<String>,
    /// The path to go back to.
    pub back: String,
    /// The task that wants the code for itself; `None` signs in.
    pub task: Option<String>,
}

/// A request to the authorization endpoint that is not sent yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Where the browser will go.
    pub url: String,
    /// The one-time value that ties the answer to this tab (RFC 6749 §10.12).
    pub state: String,
    /// The secret behind the challenge (RFC 7636 §4.1). It stays here.
    pub verifier: String,
}

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
    use super::{Application, Ask, Failure, Prepared};
    use crate::ui::session::HeldCode;

    /// Makes a request to the authorization endpoint.
    ///
    /// # Errors
    /// Always, outside a browser. The same holds for all below.
    pub async fn prepare(_ask: &Ask) -> Result<Prepared, Failure> {
        Err(Failure::NoBrowser)
    }

    /// Leaves for the authorization server with a request that was made before.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn leave(_ask: Ask, _prepared: Prepared) -> Result<(), Failure> {
        Err(Failure::NoBrowser)
    }

    /// Leaves for the authorization server.
    ///
    /// # Errors
    /// As [`prepare`].
    pub async fn begin(_ask: Ask) -> Result<(), Failure> {
        Err(Failure::NoBrowser)
    }

    /// Ends a sign-in that came back.
    ///
    /// # Errors
    /// As [`prepare`].
    pub async fn finish(_application: Application, _query: String) -> Result<String, Failure> {
        Err(Failure::NoBrowser)
    }

    /// Exchanges a code that was held.
    ///
    /// # Errors
    /// As [`prepare`].
    pub async fn redeem(_held: HeldCode) -> Result<(), Failure> {
        Err(Failure::NoBrowser)
    }

    /// Replaces the tokens.
    ///
    /// # Errors
    /// Always, outside a browser.
    pub async fn refresh() -> Result<(), crate::wire::problem::Problem> {
        Err(crate::wire::problem::Problem::new(0, "this works in a browser only"))
    }

    /// Asks about the access token.
    ///
    /// # Errors
    /// As [`prepare`].
    pub async fn introspect() -> Result<String, Failure> {
        Err(Failure::NoBrowser)
    }

    /// Revokes the access token.
    ///
    /// # Errors
    /// As [`prepare`].
    pub async fn revoke_access_token() -> Result<(), Failure> {
        Err(Failure::NoBrowser)
    }

    /// Gives the tokens back.
    ///
    /// # Errors
    /// As [`prepare`].
    pub async fn sign_out(_application: Application) -> Result<(), Failure> {
        Err(Failure::NoBrowser)
    }

    /// Where the session at the authorization server can be ended.
    pub async fn end_session_url() -> Option<String> {
        None
    }
}
#[cfg(not(feature = "hydrate"))]
pub use nowhere::{
    begin, end_session_url, finish, introspect, leave, prepare, redeem, refresh, revoke_access_token, sign_out,
};
