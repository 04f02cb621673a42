//! A code or refresh token that is bound to a DPoP key needs a proof by that key (RFC 9449 §5, §10).

use super::subjects::{CodeRedemption, DevicePoll, OwnBehalf, Refresh};
use super::{Objection, Rule, Source, object};
use crate::auth_server::clients::Client;
use crate::auth_server::error::ErrorCode;

pub(super) const CODE: Rule<CodeRedemption> = Rule {
    name: "check_dpop_key",
    source: Source::rfc(9449, "10"),
    check: |redemption| check(&redemption.client, redemption.code.dpop_jkt.as_ref(), redemption.dpop_jkt.as_ref()),
};

pub(super) const REFRESH: Rule<Refresh> = Rule {
    name: "check_dpop_key",
    source: Source::rfc(9449, "5"),
    check: |refresh| check(&refresh.client, refresh.token.dpop_jkt.as_ref(), refresh.dpop_jkt.as_ref()),
};

pub(super) const OWN: Rule<OwnBehalf> = Rule {
    name: "check_dpop_key",
    source: Source::rfc(9449, "5.2"),
    check: |own| check(&own.client, None, own.dpop_jkt.as_ref()),
};

pub(super) const DEVICE: Rule<DevicePoll> = Rule {
    name: "check_dpop_key",
    source: Source::rfc(9449, "5.2"),
    check: |poll| check(&poll.client, None, poll.dpop_jkt.as_ref()),
};

fn check(client: &Client, bound_to: Option<&String>, proven: Option<&String>) -> Result<(), Objection> {
    let invalid = |description: &'static str| Err(object(ErrorCode::InvalidDpopProof, description));
    if client.dpop_bound_access_tokens && proven.is_none() {
        return invalid("this client only takes DPoP-bound tokens; the proof is missing");
    }
    match (bound_to, proven) {
        (Some(bound_to), Some(proven)) if bound_to == proven => Ok(()),
        (Some(_), None) => invalid("this grant is bound to a DPoP key; the proof is missing"),
        (Some(_), Some(_)) => invalid("this grant is bound to another DPoP key"),
        (None, _) => Ok(()),
    }
}
