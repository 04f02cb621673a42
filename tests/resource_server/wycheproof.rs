//! Project Wycheproof's JSON Web Signature vectors (C2SP/wycheproof) through the verifier that the guards use
//! (RFC 7515, RFC 7517, RFC 8725).
//!
//! The file lies in the folder that `THREE_KEYS_VECTORS` names. How each kind of vector is treated:
//! - Every vector meets the group's key under each of the algorithms that the guards pin keys to, also under those that
//!   neither the token nor the key names: an operator who pins a key wrongly must not open a door by it.
//! - The key set finds the group's key under whatever `kid` the token names, so that a changed `kid` does not hide what
//!   the signature check makes of the rest.
//! - A group with a symmetric key (HS256) offers that key as the JWK: it must never verify anything.
//! - RS384, RS512, PS384, PS512, ES512 and HS256 are not supported, so valid vectors of theirs must be refused too; and
//!   so must a valid vector whose token is of another algorithm than the one its JWK is for (RFC 8725 §3.1; the two
//!   vectors of RFC 7520 figure 20 pair a PS384 token with a PS256 key).
//! - The JSON serialization is not a token here (RFC 7519 §3): its vectors are marked invalid.
//! - The two vectors with `?` in their base64url are of HS256, so that their mark as valid does not matter.

use jsonwebtoken::Algorithm;
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;
use three_keys::jose::{VerifyingKey, VerifyingKeys, verify};

/// Of access tokens (ES256, RS256) and of DPoP proofs (all four).
const SUPPORTED: [Algorithm; 4] = [Algorithm::ES256, Algorithm::EdDSA, Algorithm::PS256, Algorithm::RS256];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vectors {
    number_of_tests: usize,
    test_groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    comment: String,
    public: Option<serde_json::Value>,
    private: serde_json::Value,
    tests: Vec<Vector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    tc_id: u32,
    comment: String,
    jws: String,
    result: Mark,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Mark {
    Valid,
    Invalid,
}

/// The group's key under any name.
struct Only(Arc<VerifyingKey>);

impl VerifyingKeys for Only {
    fn find(&self, _: &str) -> Option<Arc<VerifyingKey>> {
        Some(self.0.clone())
    }
}

/// Whether the token passes all that comes before its claims. The vectors say nothing of a `typ`, and most of their
/// payloads are no JSON, so `verify` stops at one of these two, which it looks at after the signature.
fn is_signed(jws: &str, key: &Arc<VerifyingKey>) -> bool {
    match verify::<serde_json::Value>(jws, "at+jwt", &Only(key.clone())) {
        Ok(_) => true,
        Err(refused) => ["type", "claims"].contains(&refused.check.name),
    }
}

/// The algorithm that the header names, for deciding whether a valid vector is one of ours.
fn algorithm_of(jws: &str) -> Option<Algorithm> {
    jsonwebtoken::decode_header(jws).ok().map(|header| header.alg)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    accepted: usize,
    refused: usize,
    unsupported: usize,
}

#[test]
fn the_wycheproof_vectors_are_accepted_and_refused_as_they_are_marked() {
    let Some(folder) = std::env::var_os("THREE_KEYS_VECTORS") else {
        eprintln!("skipped: the Wycheproof vectors (THREE_KEYS_VECTORS is not set)");
        return;
    };
    let file = Path::new(&folder).join("json_web_signature_test.json");
    let vectors: Vectors = serde_json::from_slice(&std::fs::read(&file).expect("the vectors")).expect("vectors");
    let mut counts = Counts::default();
    let mut wrong = Vec::new();
    for group in &vectors.test_groups {
        let jwk = group.public.as_ref().unwrap_or(&group.private);
        let names_algorithm = jwk["alg"].as_str();
        let jwk: Option<Jwk> = serde_json::from_value(jwk.clone()).ok();
        let keys: Vec<(Algorithm, Arc<VerifyingKey>)> = SUPPORTED
            .iter()
            .filter_map(|&algorithm| {
                Some((algorithm, Arc::new(VerifyingKey::from_jwk(jwk.as_ref()?, algorithm).ok()?)))
            })
            .collect();
        for vector in &group.tests {
            let accepted_as: Vec<Algorithm> =
                keys.iter().filter(|(_, key)| is_signed(&vector.jws, key)).map(|(algorithm, _)| *algorithm).collect();
            let ours = algorithm_of(&vector.jws).filter(|algorithm| {
                SUPPORTED.contains(algorithm) && names_algorithm.is_none_or(|named| named == format!("{algorithm:?}"))
            });
            let expected = match (&vector.result, ours) {
                (Mark::Valid, Some(algorithm)) => {
                    counts.accepted += 1;
                    vec![algorithm]
                }
                (Mark::Valid, None) => {
                    counts.unsupported += 1;
                    vec![]
                }
                (Mark::Invalid, _) => {
                    counts.refused += 1;
                    vec![]
                }
            };
            if accepted_as != expected {
                wrong.push(format!(
                    "{} {} {}: accepted as {accepted_as:?}, not as {expected:?}",
                    group.comment, vector.tc_id, vector.comment
                ));
            }
        }
    }
    println!("{counts:?} of {}", vectors.number_of_tests);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(counts, Counts { accepted: 16, refused: 355, unsupported: 30 });
    assert_eq!(vectors.number_of_tests, 401);
}
