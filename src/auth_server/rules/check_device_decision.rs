//! The person decides, nobody else (RFC 8628 §3.5).

use super::subjects::DevicePoll;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;
use crate::storage::device_codes::DeviceState;

pub(super) const RULE: Rule<DevicePoll> =
    Rule { name: "check_device_decision", source: Source::rfc(8628, "3.5"), check };

fn check(poll: &DevicePoll) -> Result<(), Objection> {
    match poll.code.state {
        DeviceState::Approved => Ok(()),
        DeviceState::Pending => Err(object(ErrorCode::AuthorizationPending, "the person has not decided yet")),
        DeviceState::Denied => Err(object(ErrorCode::AccessDenied, "the person did not allow it")),
    }
}
