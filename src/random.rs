//! The source of everything that must not be guessed: codes, tokens, identifiers.

use crate::wire::base64url;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use std::sync::Arc;

/// A cryptographic random source. Clones share one source.
#[derive(Debug, Clone)]
pub struct Random(Arc<dyn SecureRandom + Send + Sync>);

impl Random {
    /// The operating system's source.
    pub fn system() -> Self {
        Random(Arc::new(SystemRandom::new()))
    }

    /// `N` random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing can be kept safe then.
    #[expect(clippy::expect_used, reason = "without randomness there is no safe way to go on")]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes).expect("the operating system gives random bytes");
        bytes
    }

    /// 256 random bits as 43 base64url characters: a code, a token, a cookie (RFC 6749 §10.10 asks for 128 bits).
    pub fn token(&self) -> String {
        base64url::encode(self.bytes::<32>())
    }

    /// 128 random bits as 22 base64url characters: an identifier.
    pub fn identifier(&self) -> String {
        base64url::encode(self.bytes::<16>())
    }
}
