//! The scope is well-formed and within what the client may ask for (RFC 6749 §3.3, §4.1.2.1).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;
use crate::wire::scope::{MalformedScope, Scope};
pub(super) const RULE: Rule<Asked> = Rule { name: "check_scope", source: Source::rfc(6749, "3.3"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    let Some(text) = asked.parameters.get("scope") else { return Ok(()) };
    let scope: Scope =
        text.parse().map_err(|malformed: MalformedScope| object(ErrorCode::InvalidScope, malformed.to_string()))?;
    if !scope.is_within(&asked.client.scope) {
        let beyond = scope.without(&asked.client.scope);
        return Err(object(ErrorCode::InvalidScope, format!("this client may not ask for: {beyond}")));
    }
    Ok(())
}
