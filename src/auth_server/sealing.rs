//! Keeping something so that storage alone cannot read it: AES-256-GCM under a key derived from a secret (RFC 5869).

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};

/// What is sealed for one purpose cannot be opened for another.
fn key(secret: &[u8], purpose: &str) -> Option<RandomizedNonceKey> {
    let derived = Salt::new(HKDF_SHA256, purpose.as_bytes()).extract(secret);
    let mut bytes = [0; 32];
    derived.expand(&[b"AES-256-GCM"], HKDF_SHA256).ok()?.fill(&mut bytes).ok()?;
    RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok()
}

/// Seals the content; `None` only when the cryptography fails.
pub(super) fn seal(secret: &[u8], purpose: &str, content: &[u8]) -> Option<Vec<u8>> {
    let mut sealed = content.to_vec();
    let nonce = key(secret, purpose)?.seal_in_place_append_tag(Aad::empty(), &mut sealed).ok()?;
    sealed.extend_from_slice(nonce.as_ref());
    Some(sealed)
}

/// Opens what was sealed with this secret for this purpose; `None` for anything else.
pub(super) fn open(secret: &[u8], purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (content, nonce) = sealed.split_at_checked(sealed.len().checked_sub(NONCE_LEN)?)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut content = content.to_vec();
    Some(key(secret, purpose)?.open_in_place(nonce, Aad::empty(), &mut content).ok()?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::{open, seal};

    #[test]
    fn only_the_secret_and_the_purpose_open_it() {
        let sealed = seal(b"secret", "keys", b"content").unwrap();
        assert_eq!(open(b"secret", "keys", &sealed).as_deref(), Some(&b"content"[..]));
        assert_eq!(open(b"other", "keys", &sealed), None);
        assert_eq!(open(b"secret", "answers", &sealed), None);
        assert_eq!(open(b"secret", "keys", &sealed[1..]), None);
        assert_eq!(open(b"secret", "keys", b""), None);
        assert!(!sealed.windows(7).any(|window| window == b"content"));
        assert_ne!(sealed, seal(b"secret", "keys", b"content").unwrap(), "each seal has a nonce of its own");
    }
}
