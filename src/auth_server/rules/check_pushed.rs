//! A client that promised to push its requests does so (RFC 9126 §6).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> = Rule { name: "check_pushed", source: Source::rfc(9126, "6"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    if asked.client.require_pushed_authorization_requests && !asked.pushed {
        return Err(object(ErrorCode::InvalidRequest, "this client must push its authorization requests"));
    }
    Ok(())
}
