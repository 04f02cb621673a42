//! A JSON Web Token taken apart for people to read. It proves nothing: only a guard verifies.

use super::base64url;
use serde_json::Value;

/// The readable parts of a compact JWS (RFC 7515 §3.1), unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The JOSE header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
    /// The signature as it stands in the token, base64url.
    pub signature: String,
}

/// Takes a compact JWS apart without verifying it; `None` when it is not one.
pub fn decode_unverified(token: &str) -> Option<Decoded> {
    let mut parts = token.split('.');
    let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some(Decoded {
        header: serde_json::from_slice(&base64url::decode(header)?).ok()?,
        claims: serde_json::from_slice(&base64url::decode(claims)?).ok()?,
        signature: signature.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::decode_unverified;
    use crate::wire::base64url::encode;

    #[test]
    fn a_token_is_taken_apart() {
        let token = format!("{}.{}.c2ln", encode(r#"{"alg":"ES256"}"#), encode(r#"{"sub":"alice"}"#));
        let decoded = decode_unverified(&token).expect("three parts of JSON");
        assert_eq!(decoded.header["alg"], "ES256");
        assert_eq!(decoded.claims["sub"], "alice");
        assert_eq!(decoded.signature, "c2ln");
    }

    #[test]
    fn what_is_no_token_is_none() {
        for bad in ["", "a", "a.b", "a.b.c", "e30.e30.x.y", "e30=.e30.x"] {
            assert_eq!(decode_unverified(bad), None, "{bad:?}");
        }
    }
}
