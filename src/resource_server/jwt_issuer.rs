//! The JWT door's own issuer: it makes the signed tokens that its guard takes. They have an audience and a `typ` of
//! their own, so that they never open the OAuth door, nor an access token this one (RFC 8725 §3.12).

use super::ResourceServer;
use super::guards::{self, server};
use crate::audit_log::Happened;
use crate::auth_server::accounts::{MAX_PASSWORD, MAX_USERNAME};
use crate::jose::{SigningAlgorithm, new_jti};
use crate::storage::accounts::Realm;
use crate::wire::claims::{Audience, DoorTokenClaims};
use crate::wire::problem::Problem;
use crate::wire::sign_in::SignedIn;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

/// The `typ` of the door's tokens.
pub(super) const TYP: &str = "three-keys-door+jwt";
/// How long a token lives, in seconds. Short, because nothing ends it earlier for the stateless guard.
const LIFETIME: i64 = 900;

/// Where the public halves of the door's keys are: whoever wants to verify its tokens needs nothing else.
pub(super) const JWKS: &str = "/api/jwt/jwks";

/// The door's public keys (RFC 7517 §5).
pub(super) async fn jwks(State(server): State<Arc<ResourceServer>>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, Json(server.door_keys.published(server.clock.now()))).into_response()
}

pub(super) async fn sign_in(username: &str, password: &str) -> Result<SignedIn, Problem> {
    if username.is_empty() || username.len() > MAX_USERNAME {
        return Err(Problem::invalid("username", format!("username must be 1 to {MAX_USERNAME} bytes")));
    }
    if password.is_empty() || password.len() > MAX_PASSWORD {
        return Err(Problem::invalid("password", format!("password must be 1 to {MAX_PASSWORD} bytes")));
    }
    let server = server()?;
    let now = server.clock.now();
    let address = guards::address(&guards::request()?)?;
    let happened = |refused_by| Happened { account: "", key: "jwt", action: "sign_in", refused_by, client_id: "" };
    let account = match server.accounts.sign_in(Realm::Pages, username, password, address, now).await {
        Ok(account) => account,
        Err(error) => {
            if let Some(check) = error.check() {
                server.audit.record(happened(Some(check))).await;
            }
            return Err(guards::not_signed_in(error, &guards::jwt::challenge(None)));
        }
    };
    server.audit.record(Happened { account: &account.username, ..happened(None) }).await;
    let claims = DoorTokenClaims {
        iss: server.issuer.to_string(),
        sub: account.id,
        aud: Audience::One(server.door_audience.to_string()),
        iat: now,
        exp: now + LIFETIME,
        nbf: None,
        jti: new_jti(&server.random),
        preferred_username: account.username,
        role: account.role,
    };
    let access_token = server.door_keys.sign(SigningAlgorithm::ES256, TYP, &claims, now).map_err(|error| {
        tracing::error!(%error, "signing failed");
        Problem::new(500, "the server could not sign")
    })?;
    Ok(SignedIn { access_token, token_type: "Bearer".to_owned(), expires_in: LIFETIME })
}
