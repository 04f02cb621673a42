//! DPoP proofs (RFC 9449 §4).

use crate::jose::Key;
use crate::mutation::{object_near, text_near};
use crate::runner::fuzz;
use crate::support::{DAWN, base64url};
use proptest::prelude::*;
use serde_json::{Value, json};
use three_keys::checks::Trace;
use three_keys::dpop::{Expected, Proof};

const URL: &str = "https://keys.example/api/oauth/pages";
const TOKEN: &str = "an.access.token";
const HEADERS: [&str; 8] = ["typ", "alg", "jwk", "kid", "crit", "jku", "x5c", "TYP"];
const CLAIMS: [&str; 8] = ["jti", "htm", "htu", "iat", "ath", "nonce", "exp", "HTM"];

fn verify(proof: &str) -> Option<Proof> {
    let expected = Expected { method: "GET", url: URL, access_token: Some(TOKEN), now: DAWN };
    three_keys::dpop::verify(proof, expected, &mut Trace::off()).ok()
}

fn header(key: &Key) -> Value {
    json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.signing.public})
}

fn ath() -> String {
    base64url(three_keys::jose::sha256(TOKEN))
}

fn claims() -> Value {
    json!({"jti": "one", "htm": "GET", "htu": URL, "iat": DAWN, "ath": ath()})
}

#[test]
fn a_proof_is_accepted_only_byte_for_byte_as_it_was_signed() {
    let key = Key::new();
    let proof = key.sign(&header(&key).to_string(), &claims().to_string());
    assert!(verify(&proof).is_some());
    fuzz("DPoP proof", &text_near([proof.clone()], &[".", "=", "e30", "A"]), |text| {
        prop_assert_eq!(verify(&text).is_some(), text == proof);
        Ok(())
    });
}

#[test]
fn a_signed_proof_is_accepted_only_where_it_fits() {
    let key = Key::new();
    let inputs = (object_near(header(&key), &HEADERS), object_near(claims(), &CLAIMS));
    fuzz("DPoP header and claims", &inputs, |(header, claims)| {
        let proof = key.sign(&header, &claims);
        let accepted = verify(&proof);
        prop_assert_eq!(&verify(&proof), &accepted);
        let Some(accepted) = accepted else { return Ok(()) };
        // What nests too deep for this reader nests in a member that nobody reads.
        let Ok(header) = serde_json::from_str::<Value>(&header) else { return Ok(()) };
        let Ok(claims) = serde_json::from_str::<Value>(&claims) else { return Ok(()) };
        prop_assert_eq!(header["typ"].as_str().map(str::to_ascii_lowercase), Some("dpop+jwt".to_owned()));
        prop_assert!(header["alg"] == "ES256" && header["crit"].is_null());
        prop_assert_eq!(accepted.jkt, key.signing.kid.clone());
        prop_assert_eq!(&claims["htm"], "GET");
        prop_assert_eq!(&claims["ath"], &json!(ath()));
        prop_assert!(claims["iat"].as_i64().is_some_and(|iat| (DAWN - 60..=DAWN + 30).contains(&iat)));
        prop_assert!(claims["jti"].as_str().is_some_and(|jti| (1..=256).contains(&jti.len())));
        let mut htu = reqwest::Url::parse(claims["htu"].as_str().unwrap_or_default()).expect("a URL");
        htu.set_query(None);
        htu.set_fragment(None);
        prop_assert_eq!(htu.as_str(), URL);
        Ok(())
    });
}
