//! The JWT door's own issuer: it makes the signed tokens that its guard takes. They have an audience and a `typ` of
//! their own, so that they never open the OAuth door, nor an access token this one (RFC 8725 §3.12).

use super::ResourceServer;
use super::guards::{self, server};
use crate::audit_log::Happened;
use crate::auth_server::ELSEWHERE;
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
/// How often a token can be narrowed, each time from the one before: the revocable guard asks for each of them.
const MOST_TIMES: usize = 4;

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
        narrowed_from: Vec::new(),
        preferred_username: account.username,
        role: account.role,
    };
    sign(&server, &claims)
}

/// A weaker token than the one that the call shows: what its holder hands on is no more than the holder has, and ends no
/// later (attenuation; compare RFC 8693 §1.1). It also ends with the token that it came of: who narrows a stolen token
/// has nothing that outlives its owner's sign-out.
pub(super) async fn narrow(lifetime: Option<i64>, audience: Option<&str>) -> Result<SignedIn, Problem> {
    if lifetime.is_some_and(|lifetime| !(1..=LIFETIME).contains(&lifetime)) {
        return Err(Problem::invalid("lifetime", format!("lifetime must be 1 to {LIFETIME} seconds")));
    }
    let server = server()?;
    let aud = match audience {
        None | Some("door") => server.door_audience.clone(),
        Some("elsewhere") => ELSEWHERE.to_owned(),
        Some(_) => return Err(Problem::invalid("audience", "audience must be door or elsewhere")),
    };
    let shown = guards::jwt::shown(&server).await?;
    if shown.narrowed_from.len() >= MOST_TIMES {
        return Err(Problem::new(400, format!("a token can be narrowed {MOST_TIMES} times, and this one was")));
    }
    let now = server.clock.now();
    let claims = DoorTokenClaims {
        aud: Audience::One(aud),
        iat: now,
        exp: lifetime.map_or(shown.exp, |lifetime| shown.exp.min(now + lifetime)),
        jti: new_jti(&server.random),
        narrowed_from: [shown.narrowed_from, vec![shown.jti]].concat(),
        ..shown
    };
    let signed = sign(&server, &claims)?;
    let account = &claims.preferred_username;
    server.audit.record(Happened { account, key: "jwt", action: "narrow", ..Happened::default() }).await;
    Ok(signed)
}

fn sign(server: &ResourceServer, claims: &DoorTokenClaims) -> Result<SignedIn, Problem> {
    let access_token = server.door_keys.sign(SigningAlgorithm::ES256, TYP, claims, claims.iat).map_err(|error| {
        tracing::error!(%error, "signing failed");
        Problem::new(500, "the server could not sign")
    })?;
    Ok(SignedIn { access_token, token_type: "Bearer".to_owned(), expires_in: claims.exp - claims.iat })
}
