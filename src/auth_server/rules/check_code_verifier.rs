//! The verifier is the challenge's, and is there exactly when a challenge was (RFC 7636 §4.6; RFC 9700 §4.8.2).

use super::subjects::CodeRedemption;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;
use crate::jose::sha256;
use crate::wire::base64url;
use subtle::ConstantTimeEq as _;

pub(super) const RULE: Rule<CodeRedemption> =
    Rule { name: "check_code_verifier", source: Source::rfc(7636, "4.6"), check };

fn check(redemption: &CodeRedemption) -> Result<(), Objection> {
    let invalid = |description: &'static str| Err(object(ErrorCode::InvalidGrant, description));
    match (&redemption.code.code_challenge, &redemption.code_verifier) {
        (None, None) => Ok(()),
        // Without this, an attacker could strip the challenge from the request and inject the code (RFC 9700 §4.8.2).
        (None, Some(_)) => invalid("code_verifier came for a code without a challenge"),
        (Some(_), None) => invalid("code_verifier is missing"),
        (Some(_), Some(verifier)) if !is_well_formed(verifier) => {
            invalid("code_verifier must be 43 to 128 unreserved characters")
        }
        (Some(challenge), Some(verifier)) => {
            let computed = base64url::encode(sha256(verifier));
            if bool::from(computed.as_bytes().ct_eq(challenge.as_bytes())) {
                Ok(())
            } else {
                invalid("code_verifier does not fit the code_challenge")
            }
        }
    }
}

/// RFC 7636 §4.1
fn is_well_formed(verifier: &str) -> bool {
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

    proptest::proptest! {
        #[test]
        fn a_verifier_of_unreserved_characters_is_taken_and_one_with_any_other_is_not(
            good in "[A-Za-z0-9._~-]{43,128}",
            bad in "[^A-Za-z0-9._~-]",
        ) {
            proptest::prop_assert!(is_well_formed(&good));
            let spoiled = format!("{}{bad}", &good[..42]);
            proptest::prop_assert!(!is_well_formed(&spoiled));
        }
    }

    #[test]
    fn the_bounds_of_a_verifier() {
        assert!(is_well_formed(&"a".repeat(43)) && is_well_formed(&"~".repeat(128)));
        assert!(!is_well_formed(&"a".repeat(42)) && !is_well_formed(&"a".repeat(129)));
        assert!(!is_well_formed(&format!("{}+", "a".repeat(43))));
    }
}
