//! The resource server: the wiki behind three guards. It may touch the storage of pages, the issuer's public keys
//! and the revocation feed; never the issuer's signing keys.

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
mod audit;
#[cfg(feature = "ssr")]
pub mod guards;
#[cfg(feature = "ssr")]
mod jwt_issuer;
#[cfg(feature = "ssr")]
mod markdown;
#[cfg(feature = "ssr")]
mod metadata;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod sign_in;
pub mod wiki;

#[cfg(feature = "ssr")]
use crate::{
    audit_log::AuditLog,
    auth_server::{accounts::Accounts, keys::IssuerKeys, throttle::Throttle},
    clock::Clock,
    jose::VerifyingKeys,
    random::Random,
    revocation_feed::RevocationFeed,
    storage::Storage,
};
#[cfg(feature = "ssr")]
use std::sync::Arc;

/// All that the guards and the pages stand on. Clones are cheap and share everything.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct ResourceServer {
    /// The issuer whose access tokens open the OAuth door.
    pub issuer: Arc<str>,
    /// The time.
    pub clock: Clock,
    /// The random source.
    pub random: Random,
    /// What is kept.
    pub storage: Arc<dyn Storage>,
    /// Who may use Basic and the JWT door's sign-in.
    pub accounts: Accounts,
    /// The keys of the JWT door's own tokens.
    pub door_keys: IssuerKeys,
    /// The public keys of the issuer: the first seam to the authorization server.
    pub issuer_keys: Arc<dyn VerifyingKeys>,
    /// What ended before its time: the second seam.
    pub feed: RevocationFeed,
    /// What happened.
    pub audit: AuditLog,
    /// Who guesses too often.
    pub throttle: Throttle,
}
