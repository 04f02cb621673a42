//! A device code is bound to its client (RFC 8628 §3.4).

use super::subjects::DevicePoll;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<DevicePoll> = Rule { name: "check_device_client", source: Source::rfc(8628, "3.4"), check };

fn check(poll: &DevicePoll) -> Result<(), Objection> {
    if poll.code.client_id == poll.client.client_id {
        return Ok(());
    }
    Err(object(ErrorCode::InvalidGrant, "the device code was not made for this client"))
}
