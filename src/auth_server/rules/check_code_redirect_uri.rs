//! The redirect URI is the one of the authorization request (RFC 6749 §4.1.3).

use super::subjects::CodeRedemption;
use super::{Objection, Rule, Source, object};
use crate::auth_server::error::ErrorCode;

pub(super) const RULE: Rule<CodeRedemption> =
    Rule { name: "check_code_redirect_uri", source: Source::rfc(6749, "4.1.3"), check };

fn check(redemption: &CodeRedemption) -> Result<(), Objection> {
    match redemption.redirect_uri.as_deref() {
        // OAuth 2.1 §4.1.3 drops the parameter, because PKCE binds the code already; so it may only be left out with PKCE.
        None if redemption.code.code_challenge.is_some() => Ok(()),
        Some(uri) if uri == redemption.code.redirect_uri => Ok(()),
        _ => Err(object(ErrorCode::InvalidGrant, "redirect_uri is not the one of the authorization request")),
    }
}
