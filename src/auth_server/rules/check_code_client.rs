//! A code is bound to its client (RFC 6749 §4.1.3).

use super::subjects::CodeRedemption;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<CodeRedemption> =
    Rule { name: "check_code_client", source: Source::rfc(6749, "4.1.3"), check };

fn check(redemption: &CodeRedemption) -> Result<(), Objection> {
    if redemption.code.client_id == redemption.client.client_id {
        return Ok(());
    }
    Err(object(ErrorCode::InvalidGrant, "the code was not made for this client"))
}
