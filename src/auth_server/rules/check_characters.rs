//! Parameters are UTF-8 without control characters (RFC 6749 appendix A).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> = Rule { name: "check_characters", source: Source::rfc(6749, "A"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    if asked.parameters.is_unreadable() {
        return Err(object(ErrorCode::InvalidRequest, "parameters must be UTF-8 without control characters"));
    }
    Ok(())
}
