//! JSON Web Signatures for both servers: keys pinned to one algorithm each, and the checks before anything in a token
//! is believed (RFC 7515, RFC 8725).

use crate::checks::{Check, Refused, Trace};
use crate::random::Random;
use crate::storage::keys::StoredKey;
use crate::wire::base64url;
use async_trait::async_trait;
use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse, ThumbprintHash,
};
use jsonwebtoken::{Algorithm, EncodingKey};
use quick_cache::sync::Cache;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;

/// A longer token is refused before anything of it is decoded.
const MAX_TOKEN: usize = 8 * 1024;

/// Why a key could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The cryptography refused.
    #[error("the key could not be made or read")]
    Crypto,
    /// The JOSE library refused.
    #[error("the key could not be used: {0}")]
    Jose(#[from] jsonwebtoken::errors::Error),
    /// The claims cannot be written as JSON.
    #[error("the claims could not be written: {0}")]
    Claims(#[from] serde_json::Error),
    /// The algorithm is none of ours.
    #[error("the algorithm {0:?} is not supported")]
    Algorithm(String),
    /// The key is for something else.
    #[error("the key is not one that verifies signatures of {0:?}")]
    Purpose(Algorithm),
}

/// The algorithms that we sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256 with SHA-256: the default, because it signs fast and its tokens are short.
    ES256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, which OpenID Connect asks every provider to offer (Core §15.1).
    RS256,
}

impl SigningAlgorithm {
    /// The algorithm's name in `alg`.
    pub fn as_str(self) -> &'static str {
        match self {
            SigningAlgorithm::ES256 => "ES256",
            SigningAlgorithm::RS256 => "RS256",
        }
    }

    fn parse(name: &str) -> Result<Self, KeyError> {
        match name {
            "ES256" => Ok(SigningAlgorithm::ES256),
            "RS256" => Ok(SigningAlgorithm::RS256),
            other => Err(KeyError::Algorithm(other.to_owned())),
        }
    }

    fn library(self) -> Algorithm {
        match self {
            SigningAlgorithm::ES256 => Algorithm::ES256,
            SigningAlgorithm::RS256 => Algorithm::RS256,
        }
    }
}

/// A private key, parsed once: the JOSE library would parse it at each signature, which takes as long as signing.
enum PrivateKey {
    Es256(EcdsaKeyPair),
    Rs256(RsaKeyPair),
}

impl PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<String, KeyError> {
        match self {
            PrivateKey::Es256(pair) => {
                let signature = pair.sign(&SystemRandom::new(), message).map_err(|_| KeyError::Crypto)?;
                Ok(base64url::encode(signature))
            }
            PrivateKey::Rs256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| KeyError::Crypto)?;
                Ok(base64url::encode(signature))
            }
        }
    }
}

/// A private key with its public half.
pub struct SigningKey {
    /// The key's name: the thumbprint of its public half (RFC 7638).
    pub kid: String,
    /// The one algorithm it is used with.
    pub algorithm: SigningAlgorithm,
    private: PrivateKey,
    /// The public half, as published.
    pub public: Jwk,
}

impl SigningKey {
    /// Makes a new key.
    ///
    /// # Errors
    /// When the cryptography refuses.
    pub fn generate(algorithm: SigningAlgorithm, now: i64) -> Result<StoredKey, KeyError> {
        let pkcs8 = match algorithm {
            SigningAlgorithm::ES256 => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                    .map_err(|_| KeyError::Crypto)?
                    .as_ref()
                    .to_vec()
            }
            SigningAlgorithm::RS256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Crypto)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Crypto)?;
                der.as_ref().to_vec()
            }
        };
        let mut stored =
            StoredKey { kid: String::new(), alg: algorithm.as_str().to_owned(), pkcs8, sealed: false, created_at: now };
        stored.kid = SigningKey::read(&stored)?.kid;
        Ok(stored)
    }

    /// Reads a stored key.
    ///
    /// # Errors
    /// When it is damaged.
    pub fn read(stored: &StoredKey) -> Result<Self, KeyError> {
        let algorithm = SigningAlgorithm::parse(&stored.alg)?;
        let (private, encoding) = match algorithm {
            SigningAlgorithm::ES256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &stored.pkcs8)
                    .map_err(|_| KeyError::Crypto)?;
                (PrivateKey::Es256(pair), EncodingKey::from_ec_der(&stored.pkcs8))
            }
            SigningAlgorithm::RS256 => {
                let pair = RsaKeyPair::from_pkcs8(&stored.pkcs8).map_err(|_| KeyError::Crypto)?;
                (PrivateKey::Rs256(pair), EncodingKey::from_rsa_pem(pem(&stored.pkcs8).as_bytes())?)
            }
        };
        let mut public = Jwk::from_encoding_key(&encoding, algorithm.library())?;
        let kid = public.thumbprint(ThumbprintHash::SHA256)?;
        public.common.key_id = Some(kid.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        Ok(Self { kid, algorithm, private, public })
    }

    /// Signs claims into a compact token of that `typ` (RFC 7515 §7.1).
    ///
    /// # Errors
    /// When the claims are no JSON, or the cryptography refuses.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, KeyError> {
        #[derive(Serialize)]
        struct Header<'a> {
            typ: &'a str,
            alg: SigningAlgorithm,
            kid: &'a str,
        }
        let header = serde_json::to_vec(&Header { typ, alg: self.algorithm, kid: &self.kid })?;
        let mut token = base64url::encode(header);
        token.push('.');
        token.push_str(&base64url::encode(serde_json::to_vec(claims)?));
        let signature = self.private.sign(token.as_bytes())?;
        token.push('.');
        token.push_str(&signature);
        Ok(token)
    }

    /// The key that verifies what this one signs.
    ///
    /// # Errors
    /// When the library refuses.
    pub fn verifying(&self) -> Result<VerifyingKey, KeyError> {
        VerifyingKey::from_jwk(&self.public, self.algorithm.library())
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

fn pem(pkcs8: &[u8]) -> String {
    let text = base64url::encode_standard(pkcs8);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in text.as_bytes().chunks(64) {
        pem.push_str(&String::from_utf8_lossy(line));
        pem.push('\n');
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    pem
}

/// A public key, parsed once and pinned to the one algorithm it verifies (RFC 8725 §3.1).
pub struct VerifyingKey {
    /// The algorithm's name in `alg`.
    name: String,
    /// The key itself, recognisable whatever it is called (RFC 7638).
    thumbprint: String,
    key: ParsedPublicKey,
}

impl VerifyingKey {
    /// Takes a public JWK for one algorithm.
    ///
    /// # Errors
    /// When the JWK cannot be used, or is for something else.
    pub fn from_jwk(jwk: &Jwk, algorithm: Algorithm) -> Result<Self, KeyError> {
        if !is_for(jwk, algorithm) {
            return Err(KeyError::Purpose(algorithm));
        }
        let thumbprint = jwk.thumbprint(ThumbprintHash::SHA256)?;
        let key = parsed(jwk, algorithm).ok_or(KeyError::Crypto)?;
        Ok(Self { name: format!("{algorithm:?}"), thumbprint, key })
    }
}

/// The key itself; `None` when it is no point of its curve or no RSA key.
fn parsed(jwk: &Jwk, algorithm: Algorithm) -> Option<ParsedPublicKey> {
    match (&jwk.algorithm, algorithm) {
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => {
            // An uncompressed point (SEC 1 §2.3.3).
            let point = [vec![4], base64url::decode(&key.x)?, base64url::decode(&key.y)?].concat();
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()
        }
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => {
            ParsedPublicKey::new(&ED25519, base64url::decode(&key.x)?).ok()
        }
        (AlgorithmParameters::RSA(key), Algorithm::RS256 | Algorithm::PS256) => {
            let parameters =
                if algorithm == Algorithm::PS256 { &RSA_PSS_2048_8192_SHA256 } else { &RSA_PKCS1_2048_8192_SHA256 };
            let key = RsaPublicKeyComponents { n: base64url::decode(&key.n)?, e: base64url::decode(&key.e)? };
            key.to_parsed_public_key(parameters).ok()
        }
        _ => None,
    }
}

/// Whether the JWK is for verifying signatures of the algorithm, in all that it says of itself: its kind and curve, its
/// `use`, `key_ops` and `alg` (RFC 7517 §4.2–4.4, RFC 7518 §3.1); and, of RSA, whether it is as long as RFC 7518 §3.3
/// demands and no longer than is quick to verify.
fn is_for(jwk: &Jwk, algorithm: Algorithm) -> bool {
    let of_its_kind = match (&jwk.algorithm, algorithm) {
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => {
            key.curve == EllipticCurve::P256 && is_coordinate(&key.x) && is_coordinate(&key.y)
        }
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => {
            key.curve == EllipticCurve::Ed25519 && is_coordinate(&key.x)
        }
        (AlgorithmParameters::RSA(key), Algorithm::RS256 | Algorithm::PS256) => {
            let modulus = base64url::decode(&key.n).unwrap_or_default();
            let leading_zeros = modulus.iter().take_while(|byte| **byte == 0).count();
            (2048 / 8..=8192 / 8).contains(&(modulus.len() - leading_zeros))
        }
        _ => false,
    };
    let says = &jwk.common;
    of_its_kind
        && says.public_key_use.as_ref().is_none_or(|purpose| *purpose == PublicKeyUse::Signature)
        && says.key_operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify))
        && says.key_algorithm.is_none_or(|named| named == KeyAlgorithm::from(algorithm))
}

/// On both curves a coordinate is 32 bytes, leading zeros included (RFC 7518 §6.2.1.2, RFC 8037 §2).
fn is_coordinate(text: &str) -> bool {
    base64url::decode(text).is_some_and(|bytes| bytes.len() == 32)
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("VerifyingKey").field("algorithm", &self.name).finish_non_exhaustive()
    }
}

/// Where a verifier finds the issuer's public keys: in-process, or a JWKS from elsewhere.
#[async_trait]
pub trait VerifyingKeys: Send + Sync + 'static {
    /// The key of that name, of those that are known now.
    fn find(&self, kid: &str) -> Option<Arc<VerifyingKey>>;

    /// Whether the keys come from elsewhere, so that looking again may bring others.
    fn are_remote(&self) -> bool {
        false
    }

    /// Sees to it that the key of that name is known, if there is one where the keys come from.
    async fn look_for(&self, _kid: &str) {}
}

/// Three parts of base64url, the first an object of single members.
pub static WELL_FORMED: Check = Check::new("well_formed", 7515, "5.2");
/// No extension is demanded that we do not know.
pub static CRITICAL_HEADERS: Check = Check::new("critical_headers", 7515, "4.1.11");
/// The token neither brings nor points to a key of its own.
pub static OWN_KEY: Check = Check::new("own_key", 8725, "3.10");
/// The token names a key of the issuer's.
pub static KEY: Check = Check::new("key", 7515, "4.1.4");
/// The algorithm is the one that the key is for.
pub static ALGORITHM: Check = Check::new("algorithm", 8725, "3.1");
/// The signature is that key's over this token.
pub static SIGNATURE: Check = Check::new("signature", 7515, "5.2");
/// It is the kind of token that is asked for.
pub static TYPE: Check = Check::new("type", 8725, "3.11");
/// The claims are there, once each, of the right kind.
pub static CLAIMS: Check = Check::new("claims", 7519, "7.2");

/// What [`verify`] checks, in its order.
pub static TOKEN_CHECKS: [&Check; 8] =
    [&WELL_FORMED, &CRITICAL_HEADERS, &OWN_KEY, &KEY, &ALGORITHM, &SIGNATURE, &TYPE, &CLAIMS];

/// The members of a JOSE header that decide anything. A repeated member is refused by the parser.
#[derive(Debug, Deserialize)]
pub struct JoseHeader {
    /// The algorithm that the token claims. It only ever confirms what the key says.
    pub alg: String,
    /// The name of the key.
    pub kid: Option<String>,
    /// What kind of token this is.
    pub typ: Option<String>,
    #[serde(default, deserialize_with = "present")]
    crit: Option<serde_json::Value>,
    /// A key that the token brings itself: believed only for DPoP proofs (RFC 9449 §4.2).
    #[serde(default, deserialize_with = "present")]
    pub jwk: Option<serde_json::Value>,
    #[serde(default, deserialize_with = "present")]
    jku: Option<serde_json::Value>,
    #[serde(default, deserialize_with = "present")]
    x5u: Option<serde_json::Value>,
    #[serde(default, deserialize_with = "present")]
    x5c: Option<serde_json::Value>,
}

/// A member that is there, also where it is null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde_json::Value::deserialize(deserializer).map(Some)
}

/// A compact token taken apart, nothing of it believed yet.
#[derive(Debug)]
pub struct Unverified<'a> {
    /// The header.
    pub header: JoseHeader,
    message: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// Takes a compact JWS apart (RFC 7515 §5.2).
    ///
    /// # Errors
    /// When it is too long, has not three base64url parts, or its header is no object of single members.
    pub fn parse(token: &'a str) -> Result<Self, Refused> {
        const MALFORMED: Refused = WELL_FORMED.refuse("this is not a JSON Web Token");
        if token.len() > MAX_TOKEN {
            return Err(WELL_FORMED.refuse("the token is longer than 8 KB"));
        }
        let (message, signature) = token.rsplit_once('.').ok_or(MALFORMED)?;
        let (header, payload) = message.split_once('.').ok_or(MALFORMED)?;
        if payload.contains('.') {
            return Err(MALFORMED);
        }
        let header = base64url::decode(header).ok_or(MALFORMED)?;
        let header: JoseHeader = serde_json::from_slice(&header).map_err(|_| MALFORMED)?;
        let payload = base64url::decode(payload).ok_or(MALFORMED)?;
        let signature = base64url::decode(signature).ok_or(MALFORMED)?;
        Ok(Self { header, message, payload, signature })
    }

    /// Refuses a token that demands extensions (`crit`): none is understood here.
    ///
    /// # Errors
    /// When the header holds `crit`.
    pub fn check_critical_headers(&self) -> Result<(), Refused> {
        match self.header.crit {
            None => Ok(()),
            Some(_) => Err(CRITICAL_HEADERS.refuse("the token demands extensions that are not understood")),
        }
    }

    /// Whether the header's `typ` is this one, with or without `application/` (RFC 7515 §4.1.9, RFC 8725 §3.11).
    ///
    /// # Errors
    /// When it is another or none.
    pub fn check_type(&self, typ: &str) -> Result<(), Refused> {
        let given = self.header.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
        if given.strip_prefix("application/").unwrap_or(&given) == typ {
            Ok(())
        } else {
            Err(TYPE.refuse("this is another kind of token"))
        }
    }

    /// Refuses a token that brings or points to a key of its own: nothing is believed, nothing is fetched.
    ///
    /// # Errors
    /// When the header holds `jwk`, `jku`, `x5u` or `x5c`.
    pub fn check_no_own_key(&self) -> Result<(), Refused> {
        let header = &self.header;
        if header.jwk.is_some() || header.jku.is_some() || header.x5u.is_some() || header.x5c.is_some() {
            return Err(OWN_KEY.refuse("the token brings or points to its own key"));
        }
        Ok(())
    }

    /// Whether the header's `alg` is the one that the key is for. The header only ever confirms what the key says.
    ///
    /// # Errors
    /// When it is another, `none` included.
    pub fn check_algorithm(&self, key: &VerifyingKey) -> Result<(), Refused> {
        if self.header.alg == key.name {
            Ok(())
        } else {
            Err(ALGORITHM.refuse("the algorithm is not the one that the key is for"))
        }
    }

    /// Checks algorithm and signature with the key.
    ///
    /// # Errors
    /// When the header's `alg` is not the key's, or the signature is not the key's over this token.
    pub fn check_signature(&self, key: &VerifyingKey) -> Result<(), Refused> {
        self.check_algorithm(key)?;
        key.key
            .verify_sig(self.message.as_bytes(), &self.signature)
            .map_err(|_| SIGNATURE.refuse("the signature does not fit"))
    }

    /// Reads the claims. Call it after the signature was checked.
    ///
    /// # Errors
    /// When they are no JSON object of single members with the names and types expected.
    pub fn claims<C: DeserializeOwned>(&self) -> Result<C, Refused> {
        serde_json::from_slice(&self.payload)
            .map_err(|_| CLAIMS.refuse("claims are missing, repeated or of the wrong kind"))
    }
}

/// Runs the checks that every token of ours must pass, in their order, and reads its claims.
///
/// # Errors
/// The first check that the token does not pass.
pub fn verify<C: DeserializeOwned>(token: &str, typ: &str, keys: &dyn VerifyingKeys) -> Result<C, Refused> {
    verify_traced(token, typ, keys, &mut Trace::off()).map(|verified| verified.claims)
}

/// A token that passed: what it claims, and by which key.
#[derive(Debug)]
pub struct Verified<C> {
    kid: String,
    thumbprint: String,
    /// Its claims.
    pub claims: C,
}

/// The same, noting each check.
///
/// # Errors
/// The first check that the token does not pass.
pub fn verify_traced<C: DeserializeOwned>(
    token: &str,
    typ: &str,
    keys: &dyn VerifyingKeys,
    trace: &mut Trace,
) -> Result<Verified<C>, Refused> {
    let unverified = trace.check(&WELL_FORMED, || Unverified::parse(token))?;
    trace.check(&CRITICAL_HEADERS, || unverified.check_critical_headers())?;
    trace.check(&OWN_KEY, || unverified.check_no_own_key())?;
    let key = trace.check(&KEY, || {
        let kid = unverified.header.kid.as_deref().unwrap_or_default();
        keys.find(kid).ok_or(KEY.refuse("the token names no key of this issuer"))
    })?;
    trace.check(&ALGORITHM, || unverified.check_algorithm(&key))?;
    trace.check(&SIGNATURE, || unverified.check_signature(&key))?;
    trace.check(&TYPE, || unverified.check_type(typ))?;
    let claims = trace.check(&CLAIMS, || unverified.claims())?;
    Ok(Verified { kid: unverified.header.kid.unwrap_or_default(), thumbprint: key.thumbprint.clone(), claims })
}

/// How many verified tokens a memory holds; the least used go first.
const REMEMBERED: usize = 10_000;

/// Tokens that were verified before: the same bytes need no second look at their signature, only at what changes with
/// time. Nothing can be read back from it: a token is known by its hash.
pub struct VerifiedTokens<C>(Cache<[u8; 32], Arc<Verified<C>>>);

impl<C: DeserializeOwned> VerifiedTokens<C> {
    /// An empty memory.
    pub fn new() -> Self {
        Self(Cache::new(REMEMBERED))
    }

    /// Like [`verify_traced`], without doing the same public-key work twice. The key must still be the issuer's.
    ///
    /// # Errors
    /// The first check that the token does not pass.
    pub async fn verify(
        &self,
        token: &str,
        typ: &str,
        keys: &dyn VerifyingKeys,
        trace: &mut Trace,
    ) -> Result<Arc<Verified<C>>, Refused> {
        let started = trace.start();
        let name = sha256_array(token);
        if let Some(known) = self.0.get(&name)
            && keys.find(&known.kid).is_some_and(|key| key.thumbprint == known.thumbprint)
        {
            trace.remembered(&TOKEN_CHECKS, started);
            return Ok(known);
        }
        if keys.are_remote()
            && let Ok(Unverified { header: JoseHeader { kid: Some(kid), .. }, .. }) = Unverified::parse(token)
        {
            keys.look_for(&kid).await;
        }
        let verified = Arc::new(verify_traced(token, typ, keys, trace)?);
        self.0.insert(name, verified.clone());
        Ok(verified)
    }
}

impl<C: DeserializeOwned> Default for VerifiedTokens<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C> std::fmt::Debug for VerifiedTokens<C> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("VerifiedTokens").field("tokens", &self.0.len()).finish()
    }
}

/// SHA-256, for storing what must be recognised but never read again.
pub fn sha256(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    sha256_array(bytes).to_vec()
}

fn sha256_array(bytes: impl AsRef<[u8]>) -> [u8; 32] {
    let mut array = [0; 32];
    // SHA-256 is 32 bytes long, whatever was hashed.
    array.copy_from_slice(digest::digest(&digest::SHA256, bytes.as_ref()).as_ref());
    array
}

/// The left half of SHA-256 in base64url: `at_hash` (OpenID Connect Core §3.1.3.6).
pub fn left_half_of_sha256(text: &str) -> String {
    base64url::encode(&sha256(text)[..16])
}

/// The thumbprint of a public JWK (RFC 7638).
///
/// # Errors
/// When the key is of no supported kind.
pub fn thumbprint(jwk: &Jwk) -> Result<String, KeyError> {
    Ok(jwk.thumbprint(ThumbprintHash::SHA256)?)
}

/// A token's random identifier (`jti`, RFC 7519 §4.1.7).
pub fn new_jti(random: &Random) -> String {
    random.identifier()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(String, Arc<VerifyingKey>);
    impl VerifyingKeys for One {
        fn find(&self, kid: &str) -> Option<Arc<VerifyingKey>> {
            (kid == self.0).then(|| self.1.clone())
        }
    }

    fn key(algorithm: SigningAlgorithm) -> (SigningKey, One) {
        let key = SigningKey::read(&SigningKey::generate(algorithm, 0).unwrap()).unwrap();
        let keys = One(key.kid.clone(), Arc::new(key.verifying().unwrap()));
        (key, keys)
    }

    fn check(token: &str, keys: &One) -> Result<serde_json::Value, &'static str> {
        verify(token, "at+jwt", keys).map_err(|refused| refused.check.name)
    }

    #[test]
    fn what_a_key_signs_it_verifies() {
        for algorithm in [SigningAlgorithm::ES256, SigningAlgorithm::RS256] {
            let (key, keys) = key(algorithm);
            let token = key.sign("at+jwt", &serde_json::json!({"sub": "a"})).unwrap();
            assert_eq!(check(&token, &keys).unwrap()["sub"], "a");
        }
    }

    #[test]
    fn a_changed_token_is_refused_by_name() {
        let (key, keys) = key(SigningAlgorithm::ES256);
        let claims = serde_json::json!({"sub": "a"});
        let token = key.sign("at+jwt", &claims).unwrap();
        let parts: Vec<&str> = token.split('.').collect();
        let with_header =
            |header: &str| format!("{}.{}.{}", base64url::encode(header.replace("KID", &key.kid)), parts[1], parts[2]);

        assert_eq!(check(&key.sign("JWT", &claims).unwrap(), &keys), Err("type"));
        assert_eq!(check(&with_header(r#"{"alg":"none","kid":"KID"}"#), &keys), Err("algorithm"));
        assert_eq!(check(&with_header(r#"{"alg":"nOnE","kid":"KID"}"#), &keys), Err("algorithm"));
        assert_eq!(check(&with_header(r#"{"alg":"HS256","kid":"KID"}"#), &keys), Err("algorithm"));
        assert_eq!(check(&with_header(r#"{"alg":"RS256","kid":"KID"}"#), &keys), Err("algorithm"));
        assert_eq!(check(&with_header(r#"{"alg":"ES256","kid":"../../etc/passwd"}"#), &keys), Err("key"));
        assert_eq!(check(&with_header(r#"{"alg":"ES256"}"#), &keys), Err("key"));
        assert_eq!(check(&with_header(r#"{"alg":"ES256","kid":"KID","jwk":{}}"#), &keys), Err("own_key"));
        assert_eq!(check(&with_header(r#"{"alg":"ES256","kid":"KID","jku":"http://x"}"#), &keys), Err("own_key"));
        assert_eq!(check(&with_header(r#"{"alg":"ES256","kid":"KID","crit":["x"]}"#), &keys), Err("critical_headers"));
        assert_eq!(check(&with_header(r#"{"alg":"ES256","kid":"KID","crit":null}"#), &keys), Err("critical_headers"));
        assert_eq!(check(&with_header(r#"{"alg":"ES256","kid":"KID","jwk":null}"#), &keys), Err("own_key"));
        assert_eq!(check(&with_header(r#"{"alg":"ES256","alg":"ES256","kid":"KID"}"#), &keys), Err("well_formed"));
        assert_eq!(check(&format!("{}.{}.{}", parts[0], base64url::encode("{}"), parts[2]), &keys), Err("signature"));
        assert_eq!(check(&format!("{}.{}.", parts[0], parts[1]), &keys), Err("signature"));
        assert_eq!(check(&format!("{token}="), &keys), Err("well_formed"));
        assert_eq!(check(&"a".repeat(9000), &keys), Err("well_formed"));
    }

    #[tokio::test]
    async fn a_verified_token_is_remembered_only_as_long_as_its_key_is_the_issuers() {
        use crate::wire::trace::Outcome;
        let (key, keys) = key(SigningAlgorithm::ES256);
        let token = key.sign("at+jwt", &serde_json::json!({"sub": "a"})).unwrap();
        let memory = VerifiedTokens::<serde_json::Value>::new();
        let mut outcomes = Vec::new();
        for keys in [&keys, &keys, &One("another".to_owned(), keys.1.clone()), &keys] {
            let mut trace = Trace::on();
            let verified = memory.verify(&token, "at+jwt", keys, &mut trace).await;
            let (explained, _) = trace.explain(TOKEN_CHECKS).unwrap();
            outcomes.push((verified.is_ok(), explained[5].outcome));
        }
        let expected = [
            (true, Outcome::Passed),
            (true, Outcome::Remembered),
            (false, Outcome::NotReached),
            (true, Outcome::Remembered),
        ];
        assert_eq!(outcomes, expected);
    }

    #[tokio::test]
    async fn a_refused_token_is_not_remembered_as_good() {
        let (key, keys) = key(SigningAlgorithm::ES256);
        let (other, _) = self::key(SigningAlgorithm::ES256);
        let forged = other.sign("at+jwt", &serde_json::json!({"sub": "a"})).unwrap();
        let signature = forged.rsplit('.').next().unwrap();
        let token = key.sign("at+jwt", &serde_json::json!({"sub": "a"})).unwrap();
        let forged = format!("{}.{signature}", token.rsplit_once('.').unwrap().0);
        let memory = VerifiedTokens::<serde_json::Value>::new();
        for _ in 0..2 {
            let refused = memory.verify(&forged, "at+jwt", &keys, &mut Trace::off()).await.unwrap_err();
            assert_eq!(refused.check.name, "signature");
        }
        assert!(memory.verify(&token, "at+jwt", &keys, &mut Trace::off()).await.is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_header_makes_an_unsigned_token_pass(
            alg in "(none|None|HS256|ES256|RS256|EdDSA|\\PC{0,8})",
            extra in "(,\"(jwk|jku|x5u|x5c|crit|kid|typ|b64)\":(null|1|\"\\PC{0,8}\"|\\{\\}|\\[\\])){0,3}",
            signature in "[A-Za-z0-9_-]{0,90}",
        ) {
            let (key, keys) = key(SigningAlgorithm::ES256);
            let header = format!(r#"{{"typ":"at+jwt","kid":"{}","alg":"{alg}"{extra}}}"#, key.kid);
            let token = format!("{}.{}.{signature}", base64url::encode(header), base64url::encode("{}"));
            proptest::prop_assert!(check(&token, &keys).is_err());
        }

        #[test]
        fn any_text_is_no_token(text in "\\PC{0,100}") {
            let (_, keys) = key(SigningAlgorithm::ES256);
            proptest::prop_assert!(check(&text, &keys).is_err());
        }
    }

    #[test]
    fn a_key_verifies_only_what_it_says_it_is_for() {
        let (key, _) = key(SigningAlgorithm::RS256);
        let published = serde_json::to_value(&key.public).unwrap();
        let takes = |changes: serde_json::Value, algorithm| {
            let mut jwk = published.clone();
            for (name, value) in changes.as_object().unwrap() {
                jwk[name] = value.clone();
            }
            VerifyingKey::from_jwk(&serde_json::from_value(jwk).unwrap(), algorithm).is_ok()
        };
        let short = base64url::encode([0xff; 128]);
        for (changes, algorithm, taken) in [
            (serde_json::json!({}), Algorithm::RS256, true),
            (serde_json::json!({"use": null, "alg": null}), Algorithm::PS256, true),
            (serde_json::json!({"use": null, "key_ops": ["sign", "verify"]}), Algorithm::RS256, true),
            (serde_json::json!({}), Algorithm::PS256, false),
            (serde_json::json!({"alg": null}), Algorithm::ES256, false),
            (serde_json::json!({"alg": null}), Algorithm::HS256, false),
            (serde_json::json!({"alg": "RS512"}), Algorithm::RS256, false),
            (serde_json::json!({"alg": "unheard of"}), Algorithm::RS256, false),
            (serde_json::json!({"use": "enc"}), Algorithm::RS256, false),
            (serde_json::json!({"use": null, "key_ops": ["encrypt"]}), Algorithm::RS256, false),
            (serde_json::json!({"use": null, "key_ops": []}), Algorithm::RS256, false),
            (serde_json::json!({"n": short}), Algorithm::RS256, false),
        ] {
            assert_eq!(takes(changes.clone(), algorithm), taken, "{changes} {algorithm:?}");
        }
    }

    #[test]
    fn a_published_key_has_no_private_member() {
        for algorithm in [SigningAlgorithm::ES256, SigningAlgorithm::RS256] {
            let (key, _) = key(algorithm);
            let published = serde_json::to_value(&key.public).unwrap();
            for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
                assert!(published.get(member).is_none(), "{member}");
            }
            assert_eq!(published["kid"], key.kid);
            assert_eq!(published["use"], "sig");
            assert_eq!(published["alg"], algorithm.as_str());
        }
    }
}
