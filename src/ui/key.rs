//! The three keys to the one door.

/// A way to show the resource server who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A name and a password with each call (RFC 7617).
    Basic,
    /// A signed token that the resource server's own sign-in issued (RFC 7519).
    Jwt,
    /// An access token that the authorization server issued to an application (RFC 6749).
    Oauth,
}

impl Key {
    /// All of them, in the order in which they are taught.
    pub const ALL: [Key; 3] = [Key::Basic, Key::Jwt, Key::Oauth];

    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Key::Basic => "HTTP Basic",
            Key::Jwt => "JSON Web Token",
            Key::Oauth => "OAuth 2",
        }
    }

    /// The name where there is little room.
    pub fn short_name(self) -> &'static str {
        match self {
            Key::Basic => "Basic",
            Key::Jwt => "JWT",
            Key::Oauth => "OAuth",
        }
    }

    /// The page about it.
    pub fn path(self) -> &'static str {
        match self {
            Key::Basic => "/basic",
            Key::Jwt => "/jwt",
            Key::Oauth => "/oauth",
        }
    }

    /// The class that gives an element the key's colour.
    pub fn class(self) -> &'static str {
        match self {
            Key::Basic => "key-basic",
            Key::Jwt => "key-jwt",
            Key::Oauth => "key-oauth",
        }
    }
}
