//! `max_age` is a number of seconds (OpenID Connect Core §3.1.2.1).

use super::subjects::Asked;
use super::{Objection, OpenIdDocument, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> =
    Rule { name: "check_max_age", source: Source::openid(OpenIdDocument::ConnectCore, "3.1.2.1"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    match asked.parameters.get("max_age").map(str::parse::<u32>) {
        None | Some(Ok(_)) => Ok(()),
        Some(Err(_)) => Err(object(ErrorCode::InvalidRequest, "max_age is not a number of seconds")),
    }
}
