//! Only `code`: nothing ever returns a token in a URL (RFC 9700 §2.1.2).

use super::subjects::Asked;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> = Rule { name: "check_response_type", source: Source::rfc(9700, "2.1.2"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    match asked.parameters.get("response_type") {
        None => Err(object(ErrorCode::InvalidRequest, "response_type is missing")),
        Some("code") if asked.client.may_use("authorization_code") => Ok(()),
        Some("code") => {
            Err(object(ErrorCode::UnauthorizedClient, "this client may not use the authorization code grant"))
        }
        Some(_) => Err(object(ErrorCode::UnsupportedResponseType, "the only response_type is code")),
    }
}
