//! A refresh token is bound to its client (RFC 6749 §6, §10.4).

use super::subjects::Refresh;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Refresh> = Rule { name: "check_refresh_client", source: Source::rfc(6749, "6"), check };

fn check(refresh: &Refresh) -> Result<(), Objection> {
    if refresh.token.client_id == refresh.client.client_id {
        return Ok(());
    }
    Err(object(ErrorCode::InvalidGrant, "the refresh token was not made for this client"))
}
