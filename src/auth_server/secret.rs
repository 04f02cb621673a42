//! The server's own secret: it keys the hashes of client secrets, the tokens of forms and the DPoP nonces.

use crate::wire::base64url;
use aws_lc_rs::hmac;

/// A secret made at first start and kept in storage. Purposes are kept apart, so that no value serves two.
#[derive(Clone)]
pub struct ServerSecret(hmac::Key);

impl ServerSecret {
    /// Takes the stored bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// HMAC-SHA256 of the message for that purpose.
    pub fn mac(&self, purpose: &str, message: &[u8]) -> Vec<u8> {
        hmac::sign(&self.0, &framed(purpose, message)).as_ref().to_vec()
    }

    /// Whether the base64url text is the MAC of the message for that purpose, compared in constant time.
    pub fn verifies(&self, purpose: &str, message: &[u8], mac: &str) -> bool {
        base64url::decode(mac).is_some_and(|mac| hmac::verify(&self.0, &framed(purpose, message), &mac).is_ok())
    }
}

fn framed(purpose: &str, message: &[u8]) -> Vec<u8> {
    let mut framed = Vec::with_capacity(purpose.len() + 1 + message.len());
    framed.extend_from_slice(purpose.as_bytes());
    framed.push(0);
    framed.extend_from_slice(message);
    framed
}

impl std::fmt::Debug for ServerSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ServerSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::ServerSecret;
    use crate::wire::base64url::encode;

    #[test]
    fn a_mac_serves_one_purpose_and_one_message() {
        let secret = ServerSecret::new(&[1; 32]);
        let mac = encode(secret.mac("form", b"a"));
        assert!(secret.verifies("form", b"a", &mac));
        assert!(!secret.verifies("nonce", b"a", &mac));
        assert!(!secret.verifies("form", b"b", &mac));
        assert!(!ServerSecret::new(&[2; 32]).verifies("form", b"a", &mac));
        assert!(!secret.verifies("form", b"a", ""));
    }
}
