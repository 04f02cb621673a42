//! The JWT door: a signed, self-contained token. The stateless guard reads no store at all; the revocable one asks
//! one, which is the price of taking a token back (RFC 7519, RFC 8725).
//!
//! The checks in their order: a token is there, it is well-formed, brings no key of its own, names a key of ours, its
//! algorithm is the key's, the signature fits, its `typ`, `iss`, `aud`, `exp` and `nbf` are ours and now; then the role.

use super::{Caller, Credentials, check_role, credentials, record, request, server};
use crate::jose::{self, TokenRefused, refused};
use crate::resource_server::{ResourceServer, jwt_issuer};
use crate::wire::claims::DoorTokenClaims;
use crate::wire::problem::Problem;
use crate::wire::role::Operation;

/// Lets the caller through to the operation, or says why not, without looking anything up.
///
/// # Errors
/// 401 with a challenge, 403 where the role does not allow the operation.
pub async fn admit(operation: Operation) -> Result<Caller, Problem> {
    let server = server()?;
    let decision = decide(&server).and_then(|claims| authorize(claims, operation));
    record(&server, "jwt", operation, decision).await
}

/// The same, but the revocation store is asked too.
///
/// # Errors
/// 401 with a challenge, also for a revoked token; 403 where the role does not allow the operation.
pub async fn admit_unless_revoked(operation: Operation) -> Result<Caller, Problem> {
    let server = server()?;
    let decision = match decide(&server) {
        Err(refusal) => Err(refusal),
        Ok(claims) => match server.storage.is_revoked(&store_key(&claims.jti)).await {
            Err(error) => Err((error.into(), None)),
            Ok(true) => Err((bad_token(&refused("revocation", "RFC 7009 §2", "the token was revoked")), None)),
            Ok(false) => authorize(claims, operation),
        },
    };
    record(&server, "jwt", operation, decision).await
}

/// Signs out: enters the token that the call carries into the revocation store.
///
/// # Errors
/// 401 without a valid token.
pub async fn revoke() -> Result<(), Problem> {
    let server = server()?;
    let claims = decide(&server).map_err(|(problem, _)| problem)?;
    server.storage.add_revocation(&store_key(&claims.jti), claims.exp).await?;
    Ok(())
}

/// The door's tokens and the issuer's grants share a table, never a name.
fn store_key(jti: &str) -> String {
    format!("door {jti}")
}

fn decide(server: &ResourceServer) -> Result<DoorTokenClaims, (Problem, Option<Caller>)> {
    let parts = request().map_err(|problem| (problem, None))?;
    let token = match credentials(&parts.headers) {
        Credentials::Given { scheme, value } if scheme == "bearer" => value,
        Credentials::TooMany => {
            return Err((
                Problem::new(400, "there is more than one Authorization header").with_check("credentials"),
                None,
            ));
        }
        Credentials::Nothing | Credentials::Given { .. } | Credentials::Unreadable => {
            let problem = Problem::new(401, "this page needs a token from /api/jwt/sign_in");
            return Err((problem.with_challenge(challenge(None)).with_check("credentials"), None));
        }
    };
    check(server, token).map_err(|refused| (bad_token(&refused), None))
}

/// Everything that makes a token valid now. No store is read.
fn check(server: &ResourceServer, token: &str) -> Result<DoorTokenClaims, TokenRefused> {
    let claims: DoorTokenClaims = jose::verify(token, jwt_issuer::TYP, &server.door_keys)?;
    let now = server.clock.now();
    if claims.iss != *server.issuer {
        return Err(refused("issuer", "RFC 7519 §4.1.1", "the token is another issuer's"));
    }
    if !claims.aud.contains(&server.door_audience()) {
        return Err(refused("audience", "RFC 7519 §4.1.3", "the token is meant for another door"));
    }
    // Our own clock issued it, so there is no leeway.
    if now >= claims.exp {
        return Err(refused("expiry", "RFC 7519 §4.1.4", "the token has expired"));
    }
    if claims.nbf.is_some_and(|nbf| now < nbf) {
        return Err(refused("not_before", "RFC 7519 §4.1.5", "the token is not valid yet"));
    }
    Ok(claims)
}

fn authorize(claims: DoorTokenClaims, operation: Operation) -> Result<Caller, (Problem, Option<Caller>)> {
    let caller =
        Caller { username: claims.preferred_username, role: claims.role, key: "jwt", scope: None, client_id: None };
    match check_role(&caller, operation) {
        Ok(()) => Ok(caller),
        Err(problem) => Err((problem, Some(caller))),
    }
}

fn bad_token(refused: &TokenRefused) -> Problem {
    Problem::new(401, format!("{} ({})", refused.detail, refused.source_section))
        .with_challenge(challenge(Some(refused.detail)))
        .with_check(refused.check)
}

/// The challenge (RFC 6750 §3): with an error only when a token was shown.
pub(in crate::resource_server) fn challenge(error: Option<&str>) -> String {
    match error {
        None => r#"Bearer realm="Three Keys JWT""#.to_owned(),
        Some(words) => format!(r#"Bearer realm="Three Keys JWT", error="invalid_token", error_description="{words}""#),
    }
}
