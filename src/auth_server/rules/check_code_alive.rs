//! A code lives for at most a minute (RFC 6749 §4.1.2; OAuth 2.1 §4.1.2).

use super::subjects::CodeRedemption;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<CodeRedemption> =
    Rule { name: "check_code_alive", source: Source::rfc(6749, "4.1.2"), check };

fn check(redemption: &CodeRedemption) -> Result<(), Objection> {
    if redemption.now >= redemption.expires_at {
        return Err(object(ErrorCode::InvalidGrant, "the code has expired"));
    }
    if redemption.revoked {
        return Err(object(ErrorCode::InvalidGrant, "the code was revoked"));
    }
    Ok(())
}
