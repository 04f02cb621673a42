//! Only a client that authenticates may act for itself (RFC 6749 §4.4).

use super::subjects::OwnBehalf;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<OwnBehalf> = Rule { name: "check_confidential", source: Source::rfc(6749, "4.4"), check };

fn check(own: &OwnBehalf) -> Result<(), Objection> {
    if own.client.is_public() {
        return Err(object(ErrorCode::UnauthorizedClient, "client_credentials is for confidential clients"));
    }
    Ok(())
}
