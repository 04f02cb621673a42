//! Request objects are not served, and refused by name (OpenID Connect Core §3.1.2.6).

use super::subjects::Asked;
use super::{Objection, OpenIdDocument, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<Asked> =
    Rule { name: "check_request_object", source: Source::openid(OpenIdDocument::ConnectCore, "3.1.2.6"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    if asked.parameters.has("request") {
        return Err(object(ErrorCode::RequestNotSupported, "request objects are not supported"));
    }
    Ok(())
}
