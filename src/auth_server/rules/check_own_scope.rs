//! On its own behalf a client asks for no more than it may, and for nothing that is about a person (RFC 6749 §3.3, §4.4.2).

use super::subjects::OwnBehalf;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;
use crate::wire::scope::{MalformedScope, Scope};

pub(super) const RULE: Rule<OwnBehalf> = Rule { name: "check_own_scope", source: Source::rfc(6749, "4.4.2"), check };

fn check(own: &OwnBehalf) -> Result<(), Objection> {
    let personal: Scope = "openid offline_access".parse().unwrap_or_default();
    let allowed = own.client.scope.without(&personal);
    let scope: Scope = own
        .scope
        .parse()
        .map_err(|malformed: MalformedScope| object(ErrorCode::InvalidScope, malformed.to_string()))?;
    if !scope.is_within(&allowed) {
        let beyond = scope.without(&allowed);
        return Err(object(ErrorCode::InvalidScope, format!("this client may not ask for: {beyond}")));
    }
    Ok(())
}
