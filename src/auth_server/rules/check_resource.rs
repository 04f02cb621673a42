//! Tokens are made for known resources, one at a time (RFC 8707 §2).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> = Rule { name: "check_resource", source: Source::rfc(8707, "2"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    let mut resources = asked.parameters.all("resource");
    let Some(resource) = resources.next() else { return Ok(()) };
    if resources.next().is_some() {
        return Err(object(ErrorCode::InvalidTarget, "ask for one resource at a time"));
    }
    if !asked.resources.iter().any(|known| known == resource) {
        return Err(object(ErrorCode::InvalidTarget, "the resource is not known here"));
    }
    Ok(())
}
