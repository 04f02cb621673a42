//! The resource server: the wiki behind three guards. It may touch the storage of pages, the issuer's public keys
//! and the revocation feed; never the issuer's signing keys.

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod audit;
#[cfg(feature = "ssr")]
mod explanation;
#[cfg(feature = "ssr")]
pub mod guards;
#[cfg(feature = "ssr")]
mod jwt_issuer;
#[cfg(feature = "ssr")]
mod markdown;
#[cfg(feature = "ssr")]
mod metadata;
#[cfg(feature = "ssr")]
mod operations;
pub mod own_account;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod passwords;
#[cfg(feature = "ssr")]
pub mod quota;
#[cfg(feature = "ssr")]
pub mod remote_keys;
pub mod sign_in;
pub mod wiki;

#[cfg(feature = "ssr")]
use crate::{
    audit_log::AuditLog,
    auth_server::{accounts::Accounts, keys::IssuerKeys},
    clock::Clock,
    jose::{VerifiedTokens, VerifyingKeys},
    random::Random,
    revocation_feed::RevocationFeed,
    storage::Storage,
    wire::claims::{AccessTokenClaims, DoorTokenClaims},
};
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// All that the guards and the pages stand on.
#[cfg(feature = "ssr")]
pub struct ResourceServer {
    /// The issuer whose access tokens open the OAuth door.
    pub issuer: Arc<str>,
    /// The OAuth door as a resource (RFC 8707): what the `aud` of an access token must contain.
    pub resource: String,
    /// The audience of the JWT door's own tokens.
    pub door_audience: String,
    /// The time.
    pub clock: Clock,
    /// The random source.
    pub random: Random,
    /// What is kept.
    pub storage: Arc<dyn Storage>,
    /// Who may use Basic and the JWT door's sign-in.
    pub accounts: Accounts,
    /// The passwords that Basic has verified a moment ago.
    pub passwords: guards::basic::RememberedPasswords,
    /// The keys of the JWT door's own tokens.
    pub door_keys: IssuerKeys,
    /// The JWT door's tokens that were verified before.
    pub door_tokens: VerifiedTokens<DoorTokenClaims>,
    /// The public keys of the issuer: the first seam to the authorization server.
    pub issuer_keys: Arc<dyn VerifyingKeys>,
    /// The access tokens that were verified before.
    pub access_tokens: VerifiedTokens<AccessTokenClaims>,
    /// What ended before its time: the second seam.
    pub feed: RevocationFeed,
    /// What happened.
    pub audit: AuditLog,
    /// Who gets too many throw-away accounts.
    pub guests: quota::Quota,
    /// Who changes passwords too often.
    pub password_changes: quota::Quota,
    /// Whether this is a demo: there is nothing to spy out, so a call may ask what its guard checked; whoever comes may
    /// have a throw-away account; and the accounts that everybody knows stay as everybody knows them.
    pub is_demo: bool,
}
