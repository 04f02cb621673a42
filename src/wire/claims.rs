//! The claims that tokens carry.

use super::role::Role;
use super::scope::Scope;
use serde::{Deserialize, Serialize};

/// `aud`: one audience or several (RFC 7519 §4.1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One, as a string.
    One(String),
    /// Several, as an array.
    Several(Vec<String>),
}

impl Audience {
    /// Whether the audience is among them.
    pub fn contains(&self, audience: &str) -> bool {
        match self {
            Audience::One(one) => one == audience,
            Audience::Several(several) => several.iter().any(|one| one == audience),
        }
    }
}

/// `cnf`: the key that the token is bound to (RFC 7800 §3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// The SHA-256 thumbprint of the DPoP key (RFC 9449 §6.1).
    pub jkt: String,
}

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessTokenClaims {
    /// The issuer.
    pub iss: String,
    /// The account's id, or the client's own where it acts for itself.
    pub sub: String,
    /// The resources it is meant for.
    pub aud: Audience,
    /// The client that acts.
    pub client_id: String,
    /// When it was issued, in seconds since 1970-01-01 UTC.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// Before this it must not be accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The token's own identifier.
    pub jti: String,
    /// What it allows.
    #[serde(default)]
    pub scope: Scope,
    /// What the account may do, so that the resource server needs no look-up (RFC 9068 §2.2.3.1).
    #[serde(default)]
    pub roles: Vec<Role>,
    /// The account's name, for people (OpenID Connect Core §5.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// When the account showed its password (RFC 9068 §2.2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// The grant it came of; a private claim, by which the revocation feed ends all tokens of a grant at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// The key it is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
}

/// The claims of the JWT door's own token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorTokenClaims {
    /// The issuer.
    pub iss: String,
    /// The account's id.
    pub sub: String,
    /// The JWT door, or another where the token was narrowed for that.
    pub aud: Audience,
    /// When it was issued, in seconds since 1970-01-01 UTC.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// Before this it must not be accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<i64>,
    /// The token's own identifier.
    pub jti: String,
    /// The tokens that it was narrowed from, the first one first; a private claim. It ends with any of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub narrowed_from: Vec<String>,
    /// The account's name.
    pub preferred_username: String,
    /// What the account may do.
    pub role: Role,
}

/// The claims of an ID token (OpenID Connect Core §2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenClaims {
    /// The issuer.
    pub iss: String,
    /// The account's id.
    pub sub: String,
    /// The client that the token is for.
    pub aud: String,
    /// When it was issued, in seconds since 1970-01-01 UTC.
    pub iat: i64,
    /// When it ends.
    pub exp: i64,
    /// When the account showed its password.
    pub auth_time: i64,
    /// The value that the client sent, against replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The left half of the access token's hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_hash: Option<String>,
    /// The session at the authorization server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The account's name, with scope `profile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
}
