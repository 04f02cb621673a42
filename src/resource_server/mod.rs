//! The resource server: the wiki behind three guards. It may touch the storage of pages, the issuer's public keys
//! and the revocation feed; never the issuer's signing keys.

pub mod sign_in;
pub mod wiki;
