//! The redirect URI is a registered one, compared as a string (RFC 9700 §2.1, §4.1.3; RFC 8252 §7.3).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> = Rule { name: "check_redirect_uri", source: Source::rfc(9700, "2.1"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    let invalid = |description: &'static str| Err(object(ErrorCode::InvalidRequest, description));
    for name in ["client_id", "redirect_uri"] {
        if asked.parameters.is_repeated(name) {
            return invalid("client_id or redirect_uri came more than once");
        }
    }
    match asked.parameters.get("redirect_uri") {
        None => invalid("redirect_uri is missing"),
        Some(uri) if asked.client.has_redirect_uri(uri) => Ok(()),
        Some(_) => {
            invalid("redirect_uri is not one that the client registered; it must be the same, character for character")
        }
    }
}
