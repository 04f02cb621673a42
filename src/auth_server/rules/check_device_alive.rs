//! A device code ends (RFC 8628 §3.5).

use super::subjects::DevicePoll;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<DevicePoll> = Rule { name: "check_device_alive", source: Source::rfc(8628, "3.5"), check };

fn check(poll: &DevicePoll) -> Result<(), Objection> {
    if poll.now >= poll.code.expires_at {
        return Err(object(ErrorCode::ExpiredToken, "the device code has expired; start again"));
    }
    Ok(())
}
