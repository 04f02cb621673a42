//! The attacks on the JWT door. Each works on a token of its own, so that the tab's sign-in is left alone.

use super::careless::{Expected, Flaw};
use super::{Careless, Outcome, Said, careless_jwt, refused};
use crate::ui::client::{Answered, call};
use crate::ui::oauth::{Failure, origin};
use crate::ui::session::tab::in_browser::pause;
use crate::ui::web_crypto::{self, KeyPair, Signer};
use crate::ui::{dates, session};
use crate::wire::base64url;
use crate::wire::jwt::{Decoded, decode_unverified};
use serde_json::{Value, json};

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A token to work on: the tab's own, or else one of the demo's viewer.
async fn token() -> Result<String, Failure> {
    if let Some(token) = session::jwt() {
        return Ok(token);
    }
    let body = json!({"username": "bob", "password": "open:sesame"}).to_string();
    issued(&call("POST", &format!("{}/api/jwt/sign_in", origin()?), &[JSON], Some(&body)).await?)
}

/// A weaker token of the same account: for a shorter time, or for another audience.
async fn narrowed(token: &str, limits: Value) -> Result<String, Failure> {
    let bearer = format!("Bearer {token}");
    let url = format!("{}/api/jwt/narrow", origin()?);
    issued(&call("POST", &url, &[JSON, ("Authorization", &bearer)], Some(&limits.to_string())).await?)
}

fn issued(answered: &Answered) -> Result<String, Failure> {
    answered.json()["access_token"].as_str().map(ToOwned::to_owned).ok_or_else(|| refused(answered))
}

async fn show(door: &str, token: &str) -> Result<Answered, Failure> {
    let bearer = format!("Bearer {token}");
    Ok(call("GET", &format!("{}/api/{door}/profile", origin()?), &[("Authorization", &bearer)], None).await?)
}

/// Shows the token to the server, and to the verifier with the flaw.
async fn try_both(asked: &str, token: &str, flaw: Flaw) -> Result<Outcome, Failure> {
    let answered = show("jwt", token).await?;
    let keys = careless_jwt::keys(&jwks_url()?).await?;
    Ok(Outcome { said: vec![Said::by_server(asked, &answered)], careless: careless(token, flaw, &keys).await? })
}

async fn careless(token: &str, flaw: Flaw, keys: &Value) -> Result<Careless, Failure> {
    let issuer = origin()?;
    let audience = format!("{issuer}/api/jwt");
    let expected = Expected { issuer: &issuer, audience: &audience, typ: "three-keys-door+jwt", now: dates::now() };
    Ok(Careless::of(careless_jwt::verify(token, flaw, keys, &keys["keys"][0].to_string(), &expected).await))
}

fn jwks_url() -> Result<String, Failure> {
    Ok(format!("{}/api/jwt/jwks", origin()?))
}

fn taken_apart(token: &str) -> Result<Decoded, Failure> {
    decode_unverified(token).ok_or(Failure::Malformed)
}

/// Header and claims as they stand, with a signature that is given.
fn forged(header: &Value, claims: &Value, signature: &str) -> String {
    let part = |value: &Value| base64url::encode(value.to_string());
    format!("{}.{}.{signature}", part(header), part(claims))
}

/// An admin's claims, made from a viewer's.
fn as_admin(mut claims: Value) -> Value {
    claims["role"] = json!("admin");
    claims
}

pub(super) async fn raise_role() -> Result<Outcome, Failure> {
    let Decoded { header, claims, signature } = taken_apart(&token().await?)?;
    let forged = forged(&header, &as_admin(claims), &signature);
    try_both("The token with another role in it", &forged, Flaw::BelievesTheClaims).await
}

pub(super) async fn no_algorithm() -> Result<Outcome, Failure> {
    let Decoded { mut header, claims, .. } = taken_apart(&token().await?)?;
    header["alg"] = json!("none");
    try_both("An admin's token with alg: none", &forged(&header, &as_admin(claims), ""), Flaw::BelievesTheAlgorithm)
        .await
}

pub(super) async fn confuse_algorithms() -> Result<Outcome, Failure> {
    let Decoded { mut header, claims, .. } = taken_apart(&token().await?)?;
    let keys = careless_jwt::keys(&jwks_url()?).await?;
    header["alg"] = json!("HS256");
    let public_key = keys["keys"][0].to_string();
    let signer = Signer::Secret(public_key.as_bytes());
    let forged = web_crypto::sign_compact(&header, &as_admin(claims), signer).await?;
    try_both("An admin's token, its HMAC made with the public key", &forged, Flaw::BelievesTheAlgorithm).await
}

pub(super) async fn expired() -> Result<Outcome, Failure> {
    let short = narrowed(&token().await?, json!({"lifetime": 1})).await?;
    let before = Said::by_server("At once", &show("jwt", &short).await?);
    pause(2_000).await;
    let mut outcome = try_both("Two seconds later", &short, Flaw::IgnoresExpiry).await?;
    outcome.said.insert(0, before);
    Ok(outcome)
}

pub(super) async fn other_audience() -> Result<Outcome, Failure> {
    let elsewhere = narrowed(&token().await?, json!({"audience": "elsewhere"})).await?;
    try_both("A good token for another API", &elsewhere, Flaw::IgnoresAudience).await
}

pub(super) async fn embedded_key() -> Result<Outcome, Failure> {
    let Decoded { mut header, claims, .. } = taken_apart(&token().await?)?;
    let pair = KeyPair::generate().await?;
    header["jwk"] = pair.public_jwk().clone();
    let forged = web_crypto::sign_compact(&header, &as_admin(claims), Signer::Pair(&pair)).await?;
    try_both("An admin's token with its own key in the header", &forged, Flaw::BelievesTheKey).await
}

pub(super) async fn signed_out() -> Result<Outcome, Failure> {
    let copy = narrowed(&token().await?, json!({})).await?;
    let bearer = format!("Bearer {copy}");
    let url = format!("{}/api/jwt/sign_out", origin()?);
    let signing_out = call("POST", &url, &[JSON, ("Authorization", &bearer)], Some("{}")).await?;
    let mut said = vec![Said::by_server("Signing out", &signing_out)];
    let stateless = show("jwt", &copy).await?;
    said.push(Said::by_server("The copy, to the stateless guard", &stateless));
    said.push(Said::by_server("The copy, to the revocable guard", &show("jwt_revocable", &copy).await?));
    let keys = careless_jwt::keys(&jwks_url()?).await?;
    Ok(Outcome { said, careless: careless(&copy, Flaw::Nothing, &keys).await? })
}
