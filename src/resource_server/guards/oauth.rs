//! The OAuth door: an access token of the authorization server, for this resource, with the scope (RFC 6750,
//! RFC 9068 §4, RFC 9449 §7).
//!
//! The checks in their order: a token is there, it is well-formed, demands no unknown extension, brings no key of its
//! own, names a key of the issuer's, its algorithm is the key's, the signature fits, its `typ`, `iss`, `aud`, `exp` and
//! `nbf` are right, it was not revoked, it came the way it is bound; then scope and role, which must both allow.
//!
//! No call asks the authorization server: its keys are known, and revocations arrive by the feed.

use super::credentials::{Credentials, credentials};
use super::{Call, Caller, ROLE, Rejection, check_role, token_checks};
use crate::checks::{Check, Refused, Trace};
use crate::dpop::{self, Expected};
use crate::jose::Verified;
use crate::resource_server::ResourceServer;
use crate::wire::claims::AccessTokenClaims;
use crate::wire::problem::Problem;
use crate::wire::role::{Operation, Role};
use std::sync::Arc;

/// The `typ` of an access token (RFC 9068 §2.1).
const TYP: &str = "at+jwt";

static CREDENTIALS: Check = Check::new("credentials", 6750, "2.1");
static ISSUER: Check = Check::new("issuer", 9068, "4");
static AUDIENCE: Check = Check::new("audience", 9068, "4");
static EXPIRY: Check = Check::new("expiry", 9068, "4");
static NOT_BEFORE: Check = Check::new("not_before", 7519, "4.1.5");
static REVOCATION: Check = Check::new("revocation", 7009, "2.1");
static SCOPE: Check = Check::new("scope", 6750, "3.1");

/// What the guard checks, in its order.
pub(super) fn checks(with_proof: bool) -> Vec<&'static Check> {
    let mut checks = vec![&CREDENTIALS];
    checks.extend(token_checks([&ISSUER, &AUDIENCE, &EXPIRY, &NOT_BEFORE, &REVOCATION]));
    checks.extend(if with_proof { &dpop::CHECKS[..] } else { &dpop::CHECKS[..1] });
    checks.extend([&SCOPE, &ROLE]);
    checks
}

/// A token as it was shown.
struct Shown<'a> {
    token: &'a str,
    /// Whether under the DPoP scheme, with a proof.
    with_proof: bool,
}

/// Lets the caller through to the operation, or says why not.
pub(super) async fn decide(
    server: &ResourceServer,
    operation: Operation,
    call: Call<'_>,
    trace: &mut Trace,
) -> Result<Caller, Rejection> {
    let Shown { token, with_proof } = trace.check(&CREDENTIALS, || shown(server, call))?;
    let verified = check(server, token, trace).await.map_err(|refused| bad_token(server, with_proof, refused))?;
    let claims = &verified.claims;
    let url = format!("{}{}", server.issuer, call.path);
    let expected =
        Expected { method: call.method.as_str(), url: &url, access_token: Some(token), now: server.clock.now() };
    let binding = claims.cnf.as_ref();
    dpop::check_binding(server.storage.as_ref(), call.headers, with_proof, binding, expected, trace)
        .await
        .map_err(|refused| bad_token(server, binding.is_some(), refused))?;
    let caller = Caller {
        username: claims.preferred_username.as_ref().unwrap_or(&claims.client_id).clone(),
        role: claims.roles.iter().copied().max().unwrap_or(Role::Viewer),
        key: "oauth",
        scope: Some(claims.scope.clone()),
        client_id: Some(claims.client_id.clone()),
    };
    let caller = check_scope(server, caller, operation, trace)?;
    check_role(caller, operation, trace)
}

fn shown<'a>(server: &ResourceServer, call: Call<'a>) -> Result<Shown<'a>, Rejection> {
    match credentials(call.headers) {
        Credentials::Given { scheme, value } if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Shown { token: value, with_proof: false })
        }
        Credentials::Given { scheme, value } if scheme.eq_ignore_ascii_case("dpop") => {
            Ok(Shown { token: value, with_proof: true })
        }
        Credentials::TooMany => {
            let words = "more than one Authorization header";
            let challenge = challenge(server, "Bearer", Some(("invalid_request", words)));
            let problem = Problem::new(400, "there is more than one Authorization header");
            Err(Rejection::unauthenticated(problem.with_challenge(challenge).with_check(CREDENTIALS.name)))
        }
        Credentials::Nothing | Credentials::Given { .. } | Credentials::Unreadable => {
            let problem = Problem::new(401, "this page needs an access token of the authorization server");
            let challenge = challenge(server, "Bearer", None);
            Err(Rejection::without_credentials(problem.with_challenge(challenge).with_check(CREDENTIALS.name)))
        }
    }
}

/// Everything that makes an access token valid here and now. No call to the authorization server, no store.
async fn check(
    server: &ResourceServer,
    token: &str,
    trace: &mut Trace,
) -> Result<Arc<Verified<AccessTokenClaims>>, Refused> {
    let verified = server.access_tokens.verify(token, TYP, server.issuer_keys.as_ref(), trace).await?;
    let AccessTokenClaims { iss, aud, exp, nbf, jti, grant, .. } = &verified.claims;
    let now = server.clock.now();
    let mut must = |check: &'static Check, holds: bool, detail| {
        trace.check(check, || if holds { Ok(()) } else { Err(check.refuse(detail)) })
    };
    must(&ISSUER, **iss == *server.issuer, "the token is another issuer's")?;
    must(&AUDIENCE, aud.contains(&server.resource), "the token is meant for another resource")?;
    // Our own clock issued it, so there is no leeway.
    must(&EXPIRY, now < *exp, "the token has expired")?;
    must(&NOT_BEFORE, nbf.is_none_or(|nbf| nbf <= now), "the token is not valid yet")?;
    let revoked = server.feed.is_revoked(jti) || grant.as_ref().is_some_and(|grant| server.feed.is_revoked(grant));
    must(&REVOCATION, !revoked, "the token was revoked")?;
    Ok(verified)
}

/// Whether the person allowed the application this: the scope, apart from the person's own role (RFC 6750 §3.1).
fn check_scope(
    server: &ResourceServer,
    caller: Caller,
    operation: Operation,
    trace: &mut Trace,
) -> Result<Caller, Rejection> {
    let needed = operation.scope();
    let covered = caller.scope.as_ref().is_some_and(|scope| scope.contains(needed));
    if trace.check(&SCOPE, || if covered { Ok(()) } else { Err(()) }).is_ok() {
        return Ok(caller);
    }
    let words =
        format!("the application was not allowed to {}: the token lacks the scope {needed}", operation.in_words());
    let mut challenge = challenge(server, "Bearer", Some(("insufficient_scope", "the token lacks a scope")));
    challenge.push_str(&format!(r#", scope="{needed}""#));
    Err(Rejection::forbidden(caller, Problem::new(403, words).with_challenge(challenge).with_check(SCOPE.name)))
}

fn bad_token(server: &ResourceServer, dpop: bool, refused: Refused) -> Rejection {
    let error = if dpop::is_about_the_proof(refused.check) { "invalid_dpop_proof" } else { "invalid_token" };
    let scheme = if dpop { "DPoP" } else { "Bearer" };
    let challenge = challenge(server, scheme, Some((error, refused.detail)));
    let problem = Problem::new(401, refused.in_words()).with_challenge(challenge);
    Rejection::unauthenticated(problem.with_check(refused.check.name))
}

/// The challenge (RFC 6750 §3, RFC 9728 §5.1, RFC 9449 §7.1): with an error only when a token was shown.
fn challenge(server: &ResourceServer, scheme: &str, error: Option<(&str, &str)>) -> String {
    let mut challenge = format!(r#"{scheme} realm="Three Keys OAuth", resource_metadata="{}""#, server.metadata_url());
    if let Some((code, words)) = error {
        challenge.push_str(&format!(r#", error="{code}", error_description="{words}""#));
    }
    if scheme == "DPoP" {
        challenge.push_str(&format!(r#", algs="{}""#, dpop::ALGORITHMS.join(" ")));
    }
    challenge
}
