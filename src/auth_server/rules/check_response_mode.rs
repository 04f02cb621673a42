//! Answers go into the query and nowhere else (OAuth 2.0 Multiple Response Types §2.1).

use super::subjects::Asked;
use super::{Objection, OpenIdDocument, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> =
    Rule { name: "check_response_mode", source: Source::openid(OpenIdDocument::MultipleResponseTypes, "2.1"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    match asked.parameters.get("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err(object(ErrorCode::InvalidRequest, "the only response_mode is query")),
    }
}
