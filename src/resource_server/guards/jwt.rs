//! The JWT door: a signed token that says all by itself (RFC 7519, RFC 8725).
//!
//! The checks in their order: a token is there, it is well-formed, demands no unknown extension, brings no key of its
//! own, names a key of ours, its algorithm is the key's, the signature fits, its `typ`, `iss`, `aud`, `exp` and `nbf`
//! are right, (revocable only) it was not revoked, the role allows the operation.
//!
//! The stateless guard asks nobody, so it lets a token through that was given back at sign-out until it expires: that is
//! what JSON Web Tokens are criticised for. The revocable guard asks the revocation store, and pays for it with a look-up.

use super::credentials::{Credentials, credentials};
use super::{Call, Caller, ROLE, Rejection, address, check_role, request, server, token_checks};
use crate::audit_log::Happened;
use crate::checks::{Check, Refused, Trace};
use crate::jose::Verified;
use crate::resource_server::{ResourceServer, jwt_issuer};
use crate::storage::Stored;
use crate::wire::claims::DoorTokenClaims;
use crate::wire::problem::Problem;
use crate::wire::role::Operation;
use std::sync::Arc;

static CREDENTIALS: Check = Check::new("credentials", 6750, "2.1");
static ISSUER: Check = Check::new("issuer", 7519, "4.1.1");
static AUDIENCE: Check = Check::new("audience", 7519, "4.1.3");
static EXPIRY: Check = Check::new("expiry", 7519, "4.1.4");
static NOT_BEFORE: Check = Check::new("not_before", 7519, "4.1.5");
static REVOCATION: Check = Check::new("revocation", 7519, "4.1.7");

/// What the guard checks, in its order.
pub(super) fn checks(revocable: bool) -> Vec<&'static Check> {
    let mut checks = vec![&CREDENTIALS];
    checks.extend(token_checks([&ISSUER, &AUDIENCE, &EXPIRY, &NOT_BEFORE]));
    if revocable {
        checks.push(&REVOCATION);
    }
    checks.push(&ROLE);
    checks
}

/// Lets the caller through to the operation, or says why not.
pub(super) async fn decide(
    server: &ResourceServer,
    operation: Operation,
    call: Call<'_>,
    revocable: bool,
    trace: &mut Trace,
) -> Result<Caller, Rejection> {
    let verified = authenticate(server, call, trace).await?;
    let claims = &verified.claims;
    if revocable {
        let started = trace.start();
        let revoked = is_revoked(server, claims).await;
        trace.finish(&REVOCATION, started, matches!(revoked, Ok(false)));
        if revoked.map_err(|error| Rejection::unauthenticated(error.into()))? {
            return Err(bad_token(REVOCATION.refuse("the token was revoked at sign-out")));
        }
    }
    let username = claims.preferred_username.clone();
    check_role(Caller { username, role: claims.role, key: "jwt", scope: None, client_id: None }, operation, trace)
}

/// Whether the token was given back, or one that it was narrowed from.
async fn is_revoked(server: &ResourceServer, claims: &DoorTokenClaims) -> Stored<bool> {
    for jti in std::iter::once(&claims.jti).chain(&claims.narrowed_from) {
        if server.storage.is_revoked(&store_key(jti)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Finds out who calls, by the token alone. No store is read.
async fn authenticate(
    server: &ResourceServer,
    call: Call<'_>,
    trace: &mut Trace,
) -> Result<Arc<Verified<DoorTokenClaims>>, Rejection> {
    let token = trace.check(&CREDENTIALS, || match credentials(call.headers) {
        Credentials::Given { scheme, value } if scheme.eq_ignore_ascii_case("bearer") => Ok(value),
        Credentials::TooMany => {
            let problem = Problem::new(400, "there is more than one Authorization header");
            Err(Rejection::unauthenticated(problem.with_check(CREDENTIALS.name)))
        }
        Credentials::Nothing | Credentials::Given { .. } | Credentials::Unreadable => {
            let problem = Problem::new(401, "this page needs a token from /api/jwt/sign_in");
            Err(Rejection::without_credentials(problem.with_challenge(challenge(None)).with_check(CREDENTIALS.name)))
        }
    })?;
    check(server, token, trace).await.map_err(bad_token)
}

/// Everything that makes a token valid now.
async fn check(
    server: &ResourceServer,
    token: &str,
    trace: &mut Trace,
) -> Result<Arc<Verified<DoorTokenClaims>>, Refused> {
    let verified = server.door_tokens.verify(token, jwt_issuer::TYP, &server.door_keys, trace).await?;
    let DoorTokenClaims { iss, aud, exp, nbf, .. } = &verified.claims;
    let now = server.clock.now();
    let mut must = |check: &'static Check, holds: bool, detail| {
        trace.check(check, || if holds { Ok(()) } else { Err(check.refuse(detail)) })
    };
    must(&ISSUER, **iss == *server.issuer, "the token is another issuer's")?;
    must(&AUDIENCE, aud.contains(&server.door_audience), "the token is meant for another door")?;
    // Our own clock issued it, so there is no leeway.
    must(&EXPIRY, now < *exp, "the token has expired")?;
    must(&NOT_BEFORE, nbf.is_none_or(|nbf| nbf <= now), "the token is not valid yet")?;
    Ok(verified)
}

/// The claims of the token that the request shows. The guard has let it through already; here it is read once more,
/// from memory.
///
/// # Errors
/// 401 without a valid token.
pub(in crate::resource_server) async fn shown(server: &ResourceServer) -> Result<DoorTokenClaims, Problem> {
    of_the_request(server).await.map_err(|rejection| rejection.problem)
}

async fn of_the_request(server: &ResourceServer) -> Result<DoorTokenClaims, Rejection> {
    let request = request().map_err(Rejection::unauthenticated)?;
    let call = Call {
        method: &request.method,
        path: request.uri.path(),
        headers: &request.headers,
        address: address(&request).map_err(Rejection::unauthenticated)?,
    };
    let verified = authenticate(server, call, &mut Trace::off()).await?;
    Ok(verified.claims.clone())
}

/// Gives the token of the request back: the revocable guard refuses it from now on. The stateless one can't know.
///
/// # Errors
/// 401 without a valid token.
pub async fn revoke() -> Result<(), Problem> {
    let server = server()?;
    let claims = match of_the_request(&server).await {
        Ok(claims) => claims,
        Err(Rejection { problem, is_audited, .. }) => {
            if is_audited {
                let refused_by = problem.check.as_deref();
                server
                    .audit
                    .record(Happened { key: "jwt", action: "sign_out", refused_by, ..Happened::default() })
                    .await;
            }
            return Err(problem);
        }
    };
    server.storage.add_revocation(&store_key(&claims.jti), claims.exp).await?;
    let account = &claims.preferred_username;
    server.audit.record(Happened { account, key: "jwt", action: "sign_out", ..Happened::default() }).await;
    Ok(())
}

/// The door's tokens and the issuer's grants share a table, never a name.
fn store_key(jti: &str) -> String {
    format!("door {jti}")
}

fn bad_token(refused: Refused) -> Rejection {
    let problem = Problem::new(401, refused.in_words()).with_challenge(challenge(Some(refused.detail)));
    Rejection::unauthenticated(problem.with_check(refused.check.name))
}

/// The challenge (RFC 6750 §3): with an error only when a token was shown.
pub(in crate::resource_server) fn challenge(error: Option<&str>) -> String {
    match error {
        None => r#"Bearer realm="Three Keys JWT""#.to_owned(),
        Some(words) => format!(r#"Bearer realm="Three Keys JWT", error="invalid_token", error_description="{words}""#),
    }
}
