//! Access tokens: RFC 9068 JWTs.

use super::Subject;
use crate::auth_server::AuthServer;
use crate::checks::{Check, Refused, Trace};
use crate::jose::{self, KeyError, SigningAlgorithm, TOKEN_CHECKS, Verified};
use crate::wire::claims::{AccessTokenClaims, Audience, Confirmation};
use std::sync::Arc;

/// The `typ` of an access token (RFC 9068 §2.1).
pub(crate) const TYP: &str = "at+jwt";

static ISSUER: Check = Check::new("issuer", 9068, "4");
static EXPIRY: Check = Check::new("expiry", 9068, "4");
static REVOCATION: Check = Check::new("revocation", 7009, "2.1");

pub(super) fn make(server: &AuthServer, subject: &Subject<'_>) -> Result<String, KeyError> {
    let now = server.clock.now();
    let aud = if subject.scope.contains("openid") {
        // UserInfo is a resource too, and only takes tokens that are meant for it.
        Audience::Several(vec![subject.resource.clone(), userinfo(server)])
    } else {
        Audience::One(subject.resource.clone())
    };
    let claims = AccessTokenClaims {
        iss: server.issuer.to_string(),
        sub: subject.account.map_or_else(|| subject.client.client_id.clone(), |account| account.id.clone()),
        aud,
        client_id: subject.client.client_id.clone(),
        iat: now,
        exp: now + subject.client.access_token_lifetime,
        nbf: None,
        jti: jose::new_jti(&server.random),
        scope: subject.scope.clone(),
        roles: vec![subject.account.map_or(subject.client.role, |account| account.role)],
        preferred_username: subject.account.map(|account| account.username.clone()),
        auth_time: subject.auth_time,
        grant: subject.grant.clone(),
        cnf: subject.dpop_jkt.clone().map(|jkt| Confirmation { jkt }),
    };
    server.keys.sign(SigningAlgorithm::ES256, TYP, &claims, now)
}

/// The identifier of the UserInfo endpoint as a resource.
pub(in crate::auth_server) fn userinfo(server: &AuthServer) -> String {
    format!("{}/oauth/userinfo", server.issuer)
}

/// What [`living`] checks, in its order.
pub(in crate::auth_server) fn checks() -> impl Iterator<Item = &'static Check> {
    TOKEN_CHECKS.into_iter().chain([&ISSUER, &EXPIRY, &REVOCATION])
}

/// The claims of an access token of ours that is alive.
///
/// # Errors
/// The first check that it does not pass.
pub(in crate::auth_server) async fn living(
    server: &AuthServer,
    token: &str,
    trace: &mut Trace,
) -> Result<Arc<Verified<AccessTokenClaims>>, Refused> {
    let verified = server.access_tokens.verify(token, TYP, &server.keys, trace).await?;
    let claims = &verified.claims;
    let revoked =
        server.feed.is_revoked(&claims.jti) || claims.grant.as_ref().is_some_and(|grant| server.feed.is_revoked(grant));
    let mut must = |check: &'static Check, holds: bool, detail| {
        trace.check(check, || if holds { Ok(()) } else { Err(check.refuse(detail)) })
    };
    must(&ISSUER, claims.iss == *server.issuer, "the token is another issuer's")?;
    must(&EXPIRY, server.clock.now() < claims.exp, "the token has expired")?;
    must(&REVOCATION, !revoked, "the token was revoked")?;
    Ok(verified)
}
