//! Rich authorization requests are not served; ignoring one would grant other things than asked (RFC 9396 §5).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> =
    Rule { name: "check_authorization_details", source: Source::rfc(9396, "5"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    if asked.parameters.has("authorization_details") {
        return Err(object(ErrorCode::InvalidRequest, "authorization_details is not supported; use scope"));
    }
    Ok(())
}
