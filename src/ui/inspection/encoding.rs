//! Making a token of one's own.

use serde_json::Value;

/// What it is signed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignWith {
    /// HS256 with this secret.
    Secret(String),
    /// ES256 with a key pair made for this one token.
    FreshPair,
    /// Nothing at all, to see what refuses that.
    Nothing,
}

/// A token, with the public key where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The compact JWS.
    pub token: String,
    /// The public JWK that verifies it.
    pub public_jwk: Option<Value>,
}

/// An object out of what a person typed.
///
/// # Errors
/// In words, with the place where it ceases to be JSON.
pub fn object(what: &str, text: &str) -> Result<Value, String> {
    match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(format!("The {what} must be a JSON object, in braces.")),
        Err(error) => Err(format!("The {what} is no JSON: {error}.")),
    }
}

/// Signs in the browser. The header's `alg` becomes the key's, and so does its `kid` where there is a key pair.
///
/// # Errors
/// In words.
pub async fn make(header: Value, claims: Value, with: SignWith) -> Result<Made, String> {
    #[cfg(feature = "hydrate")]
    return in_browser::make(header, claims, with).await.map_err(|error| format!("Not signed: {error}."));
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = (header, claims, with);
        Err("Signing needs a browser.".to_owned())
    }
}

#[cfg(feature = "hydrate")]
mod in_browser {
    use super::{Made, SignWith};
    use crate::ui::web_crypto::{CryptoError, KeyPair, Signer, sign_compact, thumbprint};
    use serde_json::Value;

    pub(super) async fn make(mut header: Value, claims: Value, with: SignWith) -> Result<Made, CryptoError> {
        match with {
            SignWith::Secret(secret) if secret.is_empty() => Err(CryptoError::Key("an empty secret is none")),
            SignWith::Secret(secret) => {
                header["alg"] = "HS256".into();
                let token = sign_compact(&header, &claims, Signer::Secret(secret.as_bytes())).await?;
                Ok(Made { token, public_jwk: None })
            }
            SignWith::Nothing => {
                header["alg"] = "none".into();
                let token = sign_compact(&header, &claims, Signer::Nothing).await?;
                Ok(Made { token, public_jwk: None })
            }
            SignWith::FreshPair => {
                let pair = KeyPair::generate().await?;
                let kid = thumbprint(pair.public_jwk()).await?;
                header["alg"] = "ES256".into();
                header["kid"] = kid.clone().into();
                let token = sign_compact(&header, &claims, Signer::Pair(&pair)).await?;
                let mut public_jwk = pair.public_jwk().clone();
                public_jwk["kid"] = kid.into();
                public_jwk["alg"] = "ES256".into();
                Ok(Made { token, public_jwk: Some(public_jwk) })
            }
        }
    }
}
