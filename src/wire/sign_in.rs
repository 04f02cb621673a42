//! The messages of the JWT door's own sign-in.

use serde::{Deserialize, Serialize};

/// The answer to `POST /api/jwt/sign_in`, and to `POST /api/jwt/narrow`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The signed token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// The token's life in seconds.
    pub expires_in: i64,
}

impl std::fmt::Debug for SignedIn {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SignedIn").field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}
