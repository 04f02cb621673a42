//! A refresh never widens the scope or changes the resource (RFC 6749 §6; RFC 8707 §2.2).

use super::subjects::Refresh;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;
use crate::wire::scope::{MalformedScope, Scope};

pub(super) const RULE: Rule<Refresh> = Rule { name: "check_refresh_scope", source: Source::rfc(6749, "6"), check };

fn check(refresh: &Refresh) -> Result<(), Objection> {
    if let Some(text) = &refresh.scope {
        let scope: Scope =
            text.parse().map_err(|malformed: MalformedScope| object(ErrorCode::InvalidScope, malformed.to_string()))?;
        if !scope.is_within(&refresh.token.scope) {
            return Err(object(
                ErrorCode::InvalidScope,
                "a refresh cannot widen the scope; ask for authorization again",
            ));
        }
    }
    if refresh.resource.is_some() && refresh.resource != refresh.token.resource {
        return Err(object(ErrorCode::InvalidTarget, "the refresh token was made for another resource"));
    }
    Ok(())
}
