//! No parameter is repeated (RFC 6749 §3.1).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> = Rule { name: "check_repeated", source: Source::rfc(6749, "3.1"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    match asked.parameters.repeated() {
        Some(name) => Err(object(
            ErrorCode::InvalidRequest,
            format!("the parameter \"{}\" came more than once", name.escape_debug()),
        )),
        None => Ok(()),
    }
}
