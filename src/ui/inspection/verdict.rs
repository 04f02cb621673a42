//! Whether a key has signed a token.

use super::anatomy::Anatomy;
use super::key_choice::KeyKind;

/// What became of a verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The key has signed it; with which one.
    Valid(String),
    /// The key has not signed it, or it was changed since.
    Invalid(String),
    /// It could not be found out, and why.
    Unverified(String),
}

impl Verdict {
    /// In two words.
    pub fn title(&self) -> &'static str {
        match self {
            Verdict::Valid(_) => "Signature valid",
            Verdict::Invalid(_) => "Signature invalid",
            Verdict::Unverified(_) => "Cannot be verified",
        }
    }

    /// The rest of it.
    pub fn explanation(&self) -> &str {
        match self {
            Verdict::Valid(text) | Verdict::Invalid(text) | Verdict::Unverified(text) => text,
        }
    }

    /// Its look.
    pub fn class(&self) -> &'static str {
        match self {
            Verdict::Valid(_) => "verdict valid",
            Verdict::Invalid(_) => "verdict invalid",
            Verdict::Unverified(_) => "verdict unverified",
        }
    }
}

/// What a person chose to verify with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Where the key comes from.
    pub kind: KeyKind,
    /// Its text, where it was pasted.
    pub text: String,
    /// The algorithm; empty for the one that the key names.
    pub alg: String,
}

/// Verifies in the browser; the server has nothing to verify for anyone.
pub async fn reach(anatomy: &Anatomy, chosen: &Chosen) -> Verdict {
    #[cfg(feature = "hydrate")]
    return in_browser::reach(anatomy, chosen).await.unwrap_or_else(Verdict::Unverified);
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (anatomy, chosen);
        Verdict::Unverified("Verifying needs a browser.".to_owned())
    }
}

#[cfg(feature = "hydrate")]
mod in_browser {
    use super::{Chosen, Verdict};
    use crate::ui::client::call;
    use crate::ui::inspection::anatomy::Anatomy;
    use crate::ui::inspection::key_choice::{KeyKind, algorithm_of, must_agree};
    use crate::ui::web_crypto::{self, VerifyingKey};
    use serde_json::Value;

    pub(super) async fn reach(anatomy: &Anatomy, chosen: &Chosen) -> Result<Verdict, String> {
        let Some(signature) = &anatomy.signature else {
            return Err("There is no signature that can be read.".to_owned());
        };
        let text = chosen.text.trim();
        let (alg, key, name) = match chosen.kind {
            KeyKind::Server => {
                let jwk = published(anatomy).await?;
                (algorithm_of(&jwk, "")?, VerifyingKey::Jwk(jwk), "This server’s key")
            }
            KeyKind::Jwk => {
                let jwk = pasted_jwk(text, anatomy)?;
                (algorithm_of(&jwk, &chosen.alg)?, VerifyingKey::Jwk(jwk), "The JWK")
            }
            KeyKind::Pem => (chosen.alg.clone(), VerifyingKey::Pem(text.to_owned()), "The public key"),
            KeyKind::Secret if text.starts_with("-----BEGIN") => {
                return Err("A PEM is no shared secret. To use one as such is algorithm confusion: everybody knows a \
                            public key, so everybody could sign with it."
                    .to_owned());
            }
            // Not trimmed: a space may be part of it.
            KeyKind::Secret => {
                (chosen.alg.clone(), VerifyingKey::Secret(chosen.text.clone().into_bytes()), "The secret")
            }
        };
        must_agree(anatomy.alg(), &alg)?;
        match web_crypto::verify(&alg, &key, anatomy.signing_input.as_bytes(), signature).await {
            Ok(true) => Ok(Verdict::Valid(format!(
                "{name} has signed this header and these claims with {alg}. It says nothing about whether the claims hold."
            ))),
            Ok(false) => Ok(Verdict::Invalid(format!(
                "{name} has not signed this, or it was changed afterwards ({alg}). Nothing in it can be believed."
            ))),
            Err(error) => Err(format!("Not verified: {error}.")),
        }
    }

    /// A JWK, or the one of a pasted set that the token's `kid` names.
    fn pasted_jwk(text: &str, anatomy: &Anatomy) -> Result<Value, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| format!("The key is no JSON: {error}."))?;
        match value["keys"].as_array() {
            Some(keys) => by_kid(keys, anatomy),
            None => Ok(value),
        }
    }

    /// A key of this server's: the authorization server's, found through its metadata, or the JWT door's own.
    async fn published(anatomy: &Anatomy) -> Result<Value, String> {
        const SILENT: &str = "This server’s keys could not be fetched.";
        let is_of_the_door = anatomy.header.as_ref().is_some_and(|header| header["typ"] == "three-keys-door+jwt");
        let url = if is_of_the_door {
            "/api/jwt/jwks".to_owned()
        } else {
            let metadata = document("/.well-known/openid-configuration").await.ok_or(SILENT)?;
            metadata["jwks_uri"].as_str().ok_or(SILENT)?.to_owned()
        };
        by_kid(document(&url).await.ok_or(SILENT)?["keys"].as_array().ok_or(SILENT)?, anatomy)
    }

    async fn document(url: &str) -> Option<Value> {
        let answered = call("GET", url, &[("Accept", "application/json")], None).await.ok()?;
        answered.is_ok().then(|| answered.json())
    }

    fn by_kid(keys: &[Value], anatomy: &Anatomy) -> Result<Value, String> {
        let header = anatomy.header.as_ref().ok_or("The header cannot be read.")?;
        let kid = header["kid"].as_str().ok_or("The header does not say which key signed it (kid is missing).")?;
        let found = keys.iter().find(|key| key["kid"] == kid).cloned();
        found.ok_or_else(|| {
            let why = "It was signed by somebody else, or the key has been withdrawn.";
            format!("The kid “{kid}” is unknown: none of the keys has it. {why}")
        })
    }
}
