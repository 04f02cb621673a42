//! The seam by which the resource server learns of revocations: the authorization server publishes, guards ask.
//! In one process it is shared memory, where a revocation is known at once; what other processes revoke is taken up
//! from storage, which the host follows.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Identifiers of grants and tokens that ended before their time. Clones share one feed.
#[derive(Debug, Clone, Default)]
pub struct RevocationFeed(Arc<RwLock<HashMap<String, i64>>>);

impl RevocationFeed {
    /// Whether the grant's id or the token's `jti` was revoked.
    pub fn is_revoked(&self, value: &str) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(value)
    }

    /// Makes a revocation known at once.
    pub fn publish(&self, value: String, until: i64) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(value, until);
    }

    /// Forgets what no longer matters: every token of it has expired by itself.
    pub fn forget_before(&self, now: i64) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).retain(|_, until| *until > now);
    }
}
