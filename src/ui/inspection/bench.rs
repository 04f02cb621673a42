//! What lies on the inspector's bench: a token, the key to verify it with, and the verdict.

use super::anatomy::Anatomy;
use super::encoding::Made;
use super::key_choice::KeyKind;
use super::verdict::{self, Chosen, Verdict};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The example of RFC 7519 §3.1, and its key (RFC 7515 §A.1).
const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const EXAMPLE_KEY: &str = r#"{"kty":"oct","alg":"HS256","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;

/// The bench. A new token or key makes the old verdict void.
#[derive(Debug, Clone, Copy)]
pub struct Bench {
    /// The token, without the space around it.
    pub token: RwSignal<String>,
    /// Where the key comes from.
    pub kind: RwSignal<KeyKind>,
    /// The key's text.
    pub key: RwSignal<String>,
    /// The algorithm it is for.
    pub alg: RwSignal<String>,
    /// What became of the last verification.
    pub verdict: RwSignal<Option<Verdict>>,
    /// Whether one is under way.
    pub busy: RwSignal<bool>,
}

impl Bench {
    /// An empty one.
    pub fn new() -> Self {
        Bench {
            token: RwSignal::new(String::new()),
            kind: RwSignal::new(KeyKind::Server),
            key: RwSignal::new(String::new()),
            alg: RwSignal::new(String::new()),
            verdict: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Lays a token on it.
    pub fn set_token(self, token: &str) {
        self.token.set(token.trim().to_owned());
        self.verdict.set(None);
    }

    /// Chooses where the key comes from.
    pub fn set_kind(self, kind: KeyKind) {
        self.kind.set(kind);
        self.key.set(String::new());
        self.alg.set(kind.algorithms().first().copied().unwrap_or_default().to_owned());
        self.verdict.set(None);
    }

    /// Takes another key.
    pub fn set_key(self, text: String) {
        self.key.set(text);
        self.verdict.set(None);
    }

    /// Chooses another algorithm.
    pub fn set_alg(self, alg: String) {
        self.alg.set(alg);
        self.verdict.set(None);
    }

    /// Lays the example of the standard on it, with its key.
    pub fn set_example(self) {
        self.set_kind(KeyKind::Jwk);
        self.set_key(EXAMPLE_KEY.to_owned());
        self.set_token(EXAMPLE);
    }

    /// Lays on it what was just made, with the key that verifies it.
    pub fn set_made(self, made: &Made, secret: String) {
        match &made.public_jwk {
            Some(jwk) => {
                self.set_kind(KeyKind::Jwk);
                self.set_key(jwk.to_string());
            }
            None => {
                self.set_kind(KeyKind::Secret);
                self.set_key(secret);
            }
        }
        self.set_token(&made.token);
    }

    /// Verifies. A verdict on what meanwhile lies there no longer is dropped.
    pub fn verify(self) {
        let (token, chosen) = self.inputs();
        self.busy.set(true);
        self.verdict.set(None);
        spawn_local(async move {
            let verdict = verdict::reach(&Anatomy::of(&token), &chosen).await;
            if self.busy.try_set(false).is_none() && self.inputs() == (token, chosen) {
                self.verdict.set(Some(verdict));
            }
        });
    }

    fn inputs(self) -> (String, Chosen) {
        let chosen =
            Chosen { kind: self.kind.get_untracked(), text: self.key.get_untracked(), alg: self.alg.get_untracked() };
        (self.token.get_untracked(), chosen)
    }
}

impl Default for Bench {
    fn default() -> Self {
        Self::new()
    }
}
