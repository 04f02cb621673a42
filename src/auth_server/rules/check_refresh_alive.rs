//! A refresh token has an idle and a final end that rotation does not move (RFC 9700 §4.14.2).

use super::subjects::Refresh;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Refresh> = Rule { name: "check_refresh_alive", source: Source::rfc(9700, "4.14.2"), check };

fn check(refresh: &Refresh) -> Result<(), Objection> {
    if refresh.now >= refresh.expires_at {
        return Err(object(ErrorCode::InvalidGrant, "the refresh token has expired"));
    }
    if refresh.revoked {
        return Err(object(ErrorCode::InvalidGrant, "the refresh token was revoked"));
    }
    Ok(())
}
