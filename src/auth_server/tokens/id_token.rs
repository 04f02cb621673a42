//! ID tokens: who signed in, for the client alone (OpenID Connect Core §2).

use super::Subject;
use crate::auth_server::AuthServer;
use crate::jose::{self, KeyError, left_half_of_sha256};
use crate::storage::accounts::Account;
use crate::wire::claims::IdTokenClaims;

/// How long an ID token is good, in seconds. It is read once, right after the exchange.
const LIFETIME: i64 = 300;

/// The `typ` of an ID token.
const TYP: &str = "jwt";

pub(super) fn make(
    server: &AuthServer,
    subject: &Subject<'_>,
    account: &Account,
    auth_time: i64,
    access_token: &str,
) -> Result<String, KeyError> {
    let now = server.clock.now();
    let claims = IdTokenClaims {
        iss: server.issuer.to_string(),
        sub: account.id.clone(),
        aud: subject.client.client_id.clone(),
        iat: now,
        exp: now + LIFETIME,
        auth_time,
        nonce: subject.nonce.clone(),
        at_hash: Some(left_half_of_sha256(access_token)),
        sid: subject.sid.clone(),
        preferred_username: subject.scope.contains("profile").then(|| account.username.clone()),
    };
    server.keys.sign(subject.client.id_token_signed_response_alg, "JWT", &claims, now)
}

/// The claims of an ID token that comes back as a hint. It may have expired: it only says whom the client means
/// (OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2).
pub(in crate::auth_server) fn subject_of_hint(server: &AuthServer, hint: &str) -> Option<IdTokenClaims> {
    let claims: IdTokenClaims = jose::verify(hint, TYP, &server.keys).ok()?;
    (claims.iss == *server.issuer).then_some(claims)
}
