//! No parameter is longer than anything sensible needs (RFC 6819 §4.4.1.11: requests must not exhaust resources).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> = Rule { name: "check_lengths", source: Source::rfc(6819, "4.4.1.11"), check };

/// What is stored with the code, or shown on a page.
const LIMITS: [(&str, usize); 4] = [("nonce", 512), ("login_hint", 256), ("state", 2048), ("redirect_uri", 2048)];
/// All else: tokens and signed requests have room.
const OTHERWISE: usize = 8192;

fn check(asked: &Asked) -> Result<(), Objection> {
    let limit_of = |name: &str| LIMITS.iter().find(|(known, _)| *known == name).map_or(OTHERWISE, |(_, limit)| *limit);
    match asked.parameters.iter().find(|(name, value)| value.len() > limit_of(name)) {
        Some((name, _)) => {
            let shown: String = name.escape_debug().take(64).collect();
            Err(object(
                ErrorCode::InvalidRequest,
                format!("the parameter {shown} is longer than {} bytes", limit_of(name)),
            ))
        }
        None => Ok(()),
    }
}
