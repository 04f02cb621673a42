//! Which key verifies, and for which algorithm. The key or the person decides that, never the token: a token that may
//! choose its own algorithm can be made by anyone (RFC 8725 §3.1).

use serde_json::Value;

/// Where the key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// One of those that this server publishes.
    Server,
    /// A pasted JWK.
    Jwk,
    /// A pasted PEM.
    Pem,
    /// A secret that both sides know.
    Secret,
}

impl KeyKind {
    /// All, in the order in which they are offered.
    pub const ALL: [KeyKind; 4] = [KeyKind::Server, KeyKind::Jwk, KeyKind::Pem, KeyKind::Secret];

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            KeyKind::Server => "This server’s published keys (JWKS)",
            KeyKind::Jwk => "A JWK",
            KeyKind::Pem => "A public key (PEM)",
            KeyKind::Secret => "A shared secret",
        }
    }

    /// For the form.
    pub fn value(self) -> &'static str {
        match self {
            KeyKind::Server => "server",
            KeyKind::Jwk => "jwk",
            KeyKind::Pem => "pem",
            KeyKind::Secret => "secret",
        }
    }

    /// The algorithms to choose from; an empty name stands for the one that the key names.
    pub fn algorithms(self) -> &'static [&'static str] {
        const ALL: [&str; 14] = [
            "", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256",
            "HS384", "HS512",
        ];
        match self {
            KeyKind::Server => &[],
            KeyKind::Jwk => &ALL,
            KeyKind::Pem => &ALL[1..11],
            KeyKind::Secret => &ALL[11..],
        }
    }
}

/// The algorithm of a JWK: the one it names (`alg`), the only one of its curve, or the one that the person chose.
///
/// # Errors
/// In words, when the key does not say and nobody chose, or when they contradict each other.
pub fn algorithm_of(jwk: &Value, chosen: &str) -> Result<String, String> {
    let by_curve = match jwk["crv"].as_str() {
        Some("P-256") => Some("ES256"),
        Some("P-384") => Some("ES384"),
        Some("P-521") => Some("ES512"),
        Some("Ed25519") => Some("EdDSA"),
        _ => None,
    };
    match (jwk["alg"].as_str().or(by_curve), chosen) {
        (None, "") => Err("The key does not say which algorithm it is for. Choose one.".to_owned()),
        (None, chosen) => Ok(chosen.to_owned()),
        (Some(own), chosen) if chosen.is_empty() || chosen == own => Ok(own.to_owned()),
        (Some(own), chosen) => Err(format!("The key is for {own}, and you chose {chosen}.")),
    }
}

/// Whether the token's header asks for the algorithm that the key is for.
///
/// # Errors
/// In words, when it does not.
pub fn must_agree(header: Option<&str>, expected: &str) -> Result<(), String> {
    let ed25519 = |name: &str| matches!(name, "EdDSA" | "Ed25519");
    match header {
        None => Err("The header names no algorithm.".to_owned()),
        Some(alg) if alg.eq_ignore_ascii_case("none") => {
            Err("There is no signature: alg is none. No key can verify that.".to_owned())
        }
        Some(alg) if alg == expected || ed25519(alg) && ed25519(expected) => Ok(()),
        Some(alg) if alg.starts_with("HS") && !expected.starts_with("HS") => Err(format!(
            "The token says {alg}, a shared secret, but the key is a public one for {expected}. That looks like algorithm \
             confusion: a verifier that believes the header would take the public key, which everybody has, for the secret."
        )),
        Some(alg) => Err(format!(
            "The token says {alg}, but the key is for {expected}. A verifier takes the algorithm from its key, never from \
             the token, and refuses here."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{algorithm_of, must_agree};
    use serde_json::json;

    #[test]
    fn the_key_decides_and_the_person_only_where_it_is_silent() {
        assert_eq!(algorithm_of(&json!({"kty": "EC", "crv": "P-256"}), "").as_deref(), Ok("ES256"));
        assert_eq!(algorithm_of(&json!({"kty": "RSA", "alg": "PS256"}), "").as_deref(), Ok("PS256"));
        assert_eq!(algorithm_of(&json!({"kty": "RSA"}), "RS512").as_deref(), Ok("RS512"));
        assert!(algorithm_of(&json!({"kty": "RSA"}), "").is_err());
        assert!(algorithm_of(&json!({"kty": "EC", "crv": "P-256"}), "ES384").is_err());
    }

    #[test]
    fn the_header_may_agree_and_nothing_else() {
        assert_eq!(must_agree(Some("ES256"), "ES256"), Ok(()));
        assert_eq!(must_agree(Some("Ed25519"), "EdDSA"), Ok(()));
        assert!(must_agree(Some("HS256"), "RS256").unwrap_err().contains("confusion"));
        assert!(must_agree(Some("RS256"), "ES256").unwrap_err().contains("from its key"));
        assert!(must_agree(Some("nOne"), "ES256").unwrap_err().contains("no signature"));
        assert!(must_agree(None, "ES256").is_err());
    }
}
