//! Proof Key for Code Exchange: S256 only, and public clients cannot do without (RFC 7636 §4.3–4.4; RFC 9700 §2.1.1).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;
use crate::wire::base64url;
pub(super) const RULE: Rule<Asked> = Rule { name: "check_pkce", source: Source::rfc(7636, "4.4.1"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    let invalid = |description: &'static str| Err(object(ErrorCode::InvalidRequest, description));
    let Some(challenge) = asked.parameters.get("code_challenge") else {
        if asked.parameters.has("code_challenge_method") {
            return invalid("code_challenge_method came without code_challenge");
        }
        if asked.client.is_public() {
            return invalid("a public client needs PKCE: code_challenge is missing");
        }
        return Ok(());
    };
    match asked.parameters.get("code_challenge_method") {
        Some("S256") => {}
        // An absent method means plain (RFC 7636 §4.3), which shows the verifier to everyone who sees the request.
        None | Some("plain") => return invalid("code_challenge_method must be S256; plain protects nothing"),
        Some(_) => return invalid("code_challenge_method must be S256"),
    }
    if base64url::decode(challenge).is_none_or(|bytes| bytes.len() != 32) {
        return invalid("code_challenge is not the base64url of a SHA-256 hash");
    }
    Ok(())
}
