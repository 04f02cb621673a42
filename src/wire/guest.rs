//! A throw-away account, as its owner is told of it.

use serde::{Deserialize, Serialize};

/// The answer to `POST /api/basic/guest`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guest {
    /// The account's name.
    pub username: String,
    /// Its password, told once.
    pub password: String,
}

impl std::fmt::Debug for Guest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Guest").field("username", &self.username).finish_non_exhaustive()
    }
}
