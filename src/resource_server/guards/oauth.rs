//! The OAuth door: an access token of the authorization server, for this resource, with the scope (RFC 6750,
//! RFC 9068 §4, RFC 9449 §7).
//!
//! The checks in their order: a token is there, it is well-formed, brings no key of its own, names a key of the
//! issuer's, its algorithm is the key's, the signature fits, its `typ`, `iss`, `aud`, `exp` and `nbf` are right, it
//! was not revoked, it came the way it is bound; then scope and role.

use super::{Caller, Credentials, check_role, credentials, record, request, server};
use crate::dpop::{self, Expected};
use crate::jose::{self, TokenRefused, refused};
use crate::resource_server::ResourceServer;
use crate::wire::claims::AccessTokenClaims;
use crate::wire::problem::Problem;
use crate::wire::role::{Operation, Role};
use axum::http::request::Parts;

/// The `typ` of an access token (RFC 9068 §2.1).
const TYP: &str = "at+jwt";

/// Lets the caller through to the operation, or says why not.
///
/// # Errors
/// 401 with a challenge, 403 where scope or role do not allow the operation.
pub async fn admit(operation: Operation) -> Result<Caller, Problem> {
    let server = server()?;
    let decision = decide(&server, operation).await;
    record(&server, "oauth", operation, decision).await
}

async fn decide(server: &ResourceServer, operation: Operation) -> Result<Caller, (Problem, Option<Caller>)> {
    let parts = request().map_err(|problem| (problem, None))?;
    let (dpop_scheme, token) = match credentials(&parts.headers) {
        Credentials::Given { scheme, value } if scheme == "bearer" => (false, value),
        Credentials::Given { scheme, value } if scheme == "dpop" => (true, value),
        Credentials::TooMany => {
            let challenge =
                challenge(server, "Bearer", Some(("invalid_request", "more than one Authorization header")));
            let problem = Problem::new(400, "there is more than one Authorization header");
            return Err((problem.with_challenge(challenge).with_check("credentials"), None));
        }
        Credentials::Nothing | Credentials::Given { .. } | Credentials::Unreadable => {
            let problem = Problem::new(401, "this page needs an access token of the authorization server");
            return Err((problem.with_challenge(challenge(server, "Bearer", None)).with_check("credentials"), None));
        }
    };
    let claims = match check(server, token) {
        Ok(claims) => claims,
        Err(refused) => return Err((bad_token(server, dpop_scheme, &refused), None)),
    };
    if let Err(refused) = check_binding(server, &parts, dpop_scheme, token, &claims).await {
        return Err((bad_token(server, claims.cnf.is_some(), &refused), None));
    }
    let caller = Caller {
        username: claims.preferred_username.unwrap_or_else(|| claims.client_id.clone()),
        role: claims.roles.iter().copied().max().unwrap_or(Role::Viewer),
        key: "oauth",
        scope: Some(claims.scope),
        client_id: Some(claims.client_id),
    };
    match check_scope(server, &caller, operation).and_then(|()| check_role(&caller, operation)) {
        Ok(()) => Ok(caller),
        Err(problem) => Err((problem, Some(caller))),
    }
}

/// Everything that makes an access token valid here and now. No call to the authorization server, no store.
fn check(server: &ResourceServer, token: &str) -> Result<AccessTokenClaims, TokenRefused> {
    const SECTION: &str = "RFC 9068 §4";
    let claims: AccessTokenClaims = jose::verify(token, TYP, server.issuer_keys.as_ref())?;
    let now = server.clock.now();
    if claims.iss != *server.issuer {
        return Err(refused("issuer", SECTION, "the token is another issuer's"));
    }
    if !claims.aud.contains(&server.own_resource()) {
        return Err(refused("audience", SECTION, "the token is meant for another resource"));
    }
    // Our own clock issued it, so there is no leeway.
    if now >= claims.exp {
        return Err(refused("expiry", SECTION, "the token has expired"));
    }
    if claims.nbf.is_some_and(|nbf| now < nbf) {
        return Err(refused("not_before", "RFC 7519 §4.1.5", "the token is not valid yet"));
    }
    let revoked =
        server.feed.is_revoked(&claims.jti) || claims.grant.as_ref().is_some_and(|grant| server.feed.is_revoked(grant));
    if revoked {
        return Err(refused("revocation", "RFC 7009 §2.1", "the token was revoked"));
    }
    Ok(claims)
}

async fn check_binding(
    server: &ResourceServer,
    parts: &Parts,
    dpop_scheme: bool,
    token: &str,
    claims: &AccessTokenClaims,
) -> Result<(), TokenRefused> {
    let url = format!("{}{}", server.issuer, parts.uri.path());
    let expected =
        Expected { method: parts.method.as_str(), url: &url, access_token: Some(token), now: server.clock.now() };
    dpop::check_binding(server.storage.as_ref(), &parts.headers, dpop_scheme, claims.cnf.as_ref(), expected).await
}

/// Whether the person allowed the application this: the scope, apart from the person's own role (RFC 6750 §3.1).
fn check_scope(server: &ResourceServer, caller: &Caller, operation: Operation) -> Result<(), Problem> {
    let needed = operation.scope();
    if caller.scope.as_ref().is_some_and(|scope| scope.contains(needed)) {
        return Ok(());
    }
    let words =
        format!("the application was not allowed to {}: the token lacks the scope {needed}", operation.in_words());
    let mut challenge = challenge(server, "Bearer", Some(("insufficient_scope", "the token lacks a scope")));
    challenge.push_str(&format!(r#", scope="{needed}""#));
    Err(Problem::new(403, words).with_challenge(challenge).with_check("scope"))
}

fn bad_token(server: &ResourceServer, dpop: bool, refused: &TokenRefused) -> Problem {
    let is_about_the_proof = refused.check.starts_with("dpop_") && refused.check != "dpop_binding";
    let error = if is_about_the_proof { "invalid_dpop_proof" } else { "invalid_token" };
    let scheme = if dpop { "DPoP" } else { "Bearer" };
    Problem::new(401, format!("{} ({})", refused.detail, refused.source_section))
        .with_challenge(challenge(server, scheme, Some((error, refused.detail))))
        .with_check(refused.check)
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
