//! A device that polls too fast must wait five seconds longer from then on (RFC 8628 §3.5).

use super::subjects::DevicePoll;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<DevicePoll> =
    Rule { name: "check_device_interval", source: Source::rfc(8628, "3.5"), check };

fn check(poll: &DevicePoll) -> Result<(), Objection> {
    if poll.now - poll.code.last_polled_at < poll.code.interval {
        return Err(object(ErrorCode::SlowDown, "wait five seconds longer between polls"));
    }
    Ok(())
}
