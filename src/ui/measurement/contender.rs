//! The doors that are measured against each other.

use crate::ui::key::Key;

/// One way to make the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    /// No guard: the yardstick.
    Open,
    /// HTTP Basic.
    Basic,
    /// A JWT, nothing looked up.
    Jwt,
    /// The same JWT, and the store of revoked tokens is asked.
    JwtRevocable,
    /// An access token.
    Oauth,
}

impl Contender {
    /// All, in the order in which they are shown.
    pub const ALL: [Contender; 5] =
        [Contender::Open, Contender::Basic, Contender::Jwt, Contender::JwtRevocable, Contender::Oauth];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Contender::Open => "No guard",
            Contender::Basic => "HTTP Basic",
            Contender::Jwt => "JWT",
            Contender::JwtRevocable => "JWT, revocable",
            Contender::Oauth => "OAuth 2",
        }
    }

    /// What is called.
    pub fn path(self) -> &'static str {
        match self {
            Contender::Open => "/api/open/pages",
            Contender::Basic => "/api/basic/pages",
            Contender::Jwt => "/api/jwt/pages",
            Contender::JwtRevocable => "/api/jwt_revocable/profile",
            Contender::Oauth => "/api/oauth/pages",
        }
    }

    /// The class that gives it its colour.
    pub fn class(self) -> &'static str {
        match self {
            Contender::Open => "key-none",
            Contender::Basic => Key::Basic.class(),
            Contender::Jwt | Contender::JwtRevocable => Key::Jwt.class(),
            Contender::Oauth => Key::Oauth.class(),
        }
    }

    /// The check that reads the store when it is run: Basic's reads the account, unless this very password passed a
    /// moment ago; the revocable guard's reads the store of revoked tokens. OAuth keeps what was revoked in memory.
    pub fn reading_check(self) -> Option<&'static str> {
        match self {
            Contender::Basic => Some("password"),
            Contender::JwtRevocable => Some("revocation"),
            Contender::Open | Contender::Jwt | Contender::Oauth => None,
        }
    }
}
