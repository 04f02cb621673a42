//! The attacks on OAuth that begin with a code, fresh from the authorization server. Each has a grant of its own, so that
//! the tab's sign-in is left alone.

use super::careless::{CarelessCodes, CarelessRefresh, Expected, Flaw};
use super::oauth::{FORM, post};
use super::{Careless, Outcome, Said, careless_jwt};
use crate::ui::client::{Answered, call};
use crate::ui::dates;
use crate::ui::oauth::{Application, Failure, form, metadata, origin};
use crate::ui::session::HeldCode;
use crate::ui::web_crypto::{self, KeyPair, Signer};
use crate::wire::base64url;
use serde_json::{Value, json};

const CLIENT: (&str, &str) = ("client_id", "three-keys-ui");

/// Shows a token to the resource server, under a scheme, with a proof where there is one.
async fn show(scheme: &str, token: &str, proof: Option<&str>) -> Result<Answered, Failure> {
    let authorization = format!("{scheme} {token}");
    let mut headers = vec![("Authorization", authorization.as_str())];
    headers.extend(proof.map(|proof| ("DPoP", proof)));
    Ok(call("GET", &format!("{}/api/oauth/pages", origin()?), &headers, None).await?)
}

/// The form by which the code's owner exchanges it (RFC 6749 §4.1.3).
fn redemption(held: &HeldCode) -> Result<String, Failure> {
    let redirect_uri = format!("{}{}", origin()?, Application::ThreeKeys.redirect_path());
    form(&[
        CLIENT,
        ("grant_type", "authorization_code"),
        ("code", &held.code),
        ("redirect_uri", &redirect_uri),
        ("code_verifier", &held.pending.verifier),
    ])
}

/// Exchanges the code as its owner would.
async fn redeem(held: &HeldCode) -> Result<Answered, Failure> {
    Ok(call("POST", &metadata().await?.token_endpoint, &[FORM], Some(&redemption(held)?)).await?)
}

async fn refresh(token: &str, scope: Option<&str>) -> Result<Answered, Failure> {
    let mut fields = vec![CLIENT, ("grant_type", "refresh_token"), ("refresh_token", token)];
    fields.extend(scope.map(|scope| ("scope", scope)));
    post(&metadata().await?.token_endpoint, &fields).await
}

/// A token out of an answer.
fn token(answered: &Answered, name: &str) -> Result<String, Failure> {
    let problem = || Failure::Refused { code: answered.status.to_string(), description: None };
    answered.json()[name].as_str().map(ToOwned::to_owned).ok_or_else(problem)
}

fn careless_codes(held: &HeldCode) -> CarelessCodes {
    let mut codes = CarelessCodes::default();
    codes.issue(&held.code, &held.pending.verifier);
    codes
}

pub(super) async fn no_verifier(held: HeldCode) -> Result<Outcome, Failure> {
    let redirect_uri = format!("{}{}", origin()?, Application::ThreeKeys.redirect_path());
    let fields =
        [CLIENT, ("grant_type", "authorization_code"), ("code", &held.code), ("redirect_uri", redirect_uri.as_str())];
    let answered = post(&metadata().await?.token_endpoint, &fields).await?;
    let said = vec![Said::by_server("The code, without code_verifier", &answered)];
    Ok(Outcome { said, careless: Careless::of(careless_codes(&held).redeem(&held.code, None)) })
}

pub(super) async fn code_twice(held: HeldCode) -> Result<Outcome, Failure> {
    let first = redeem(&held).await?;
    let access_token = token(&first, "access_token")?;
    let mut said = vec![Said::by_server("The code, for the first time", &first)];
    said.push(Said::by_server("A call with the token that it gave", &show("Bearer", &access_token, None).await?));
    said.push(Said::by_server("The code, for the second time", &redeem(&held).await?));
    said.push(Said::by_server("The same call again", &show("Bearer", &access_token, None).await?));
    let codes = careless_codes(&held);
    let verifier = Some(held.pending.verifier.as_str());
    // The first time is the owner's.
    codes.redeem(&held.code, verifier).map_err(|_| Failure::Malformed)?;
    Ok(Outcome { said, careless: Careless::of(codes.redeem(&held.code, verifier)) })
}

pub(super) async fn wider_scope(held: HeldCode) -> Result<Outcome, Failure> {
    let first = redeem(&held).await?;
    let refresh_token = token(&first, "refresh_token")?;
    let widened = refresh(&refresh_token, Some("pages:read pages:write")).await?;
    let mut said = vec![Said::by_server("A refresh that asks for pages:write as well", &widened)];
    let endpoint = metadata().await?.pushed_authorization_request_endpoint.ok_or(Failure::Malformed)?;
    let redirect_uri = format!("{}{}", origin()?, Application::TripPlanner.redirect_path());
    let fields = [
        ("client_id", Application::TripPlanner.client_id()),
        ("response_type", "code"),
        ("redirect_uri", redirect_uri.as_str()),
        ("scope", "pages:read pages:write"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let asked = "The trip planner asks for a scope that it is not registered for";
    said.push(Said::by_server(asked, &post(&endpoint, &fields).await?));
    let mut careless = CarelessRefresh::default();
    careless.issue(&refresh_token);
    let verdict = careless.refresh(&refresh_token, Some("pages:read pages:write"));
    Ok(Outcome { said, careless: Careless::of(verdict) })
}

pub(super) async fn old_refresh_token(held: HeldCode) -> Result<Outcome, Failure> {
    let stolen = token(&redeem(&held).await?, "refresh_token")?;
    let second = refresh(&stolen, None).await?;
    let mut said = vec![Said::by_server("The owner refreshes", &second)];
    // The second refresh shows that the owner has the new token, so the old one needs no grace any more.
    let third = refresh(&token(&second, "refresh_token")?, None).await?;
    said.push(Said::by_server("The owner refreshes again", &third));
    said.push(Said::by_server("The thief shows the first refresh token", &refresh(&stolen, None).await?));
    let newest = token(&third, "refresh_token")?;
    said.push(Said::by_server("The owner shows the newest one", &refresh(&newest, None).await?));
    let access_token = token(&third, "access_token")?;
    said.push(Said::by_server("A call with the newest access token", &show("Bearer", &access_token, None).await?));
    let mut careless = CarelessRefresh::default();
    careless.issue(&stolen);
    // The first time is the owner's.
    careless.refresh(&stolen, None).map_err(|_| Failure::Malformed)?;
    Ok(Outcome { said, careless: Careless::of(careless.refresh(&stolen, None)) })
}

pub(super) async fn id_token(held: HeldCode) -> Result<Outcome, Failure> {
    let id_token = token(&redeem(&held).await?, "id_token")?;
    let said = vec![Said::by_server("The ID token as a Bearer token", &show("Bearer", &id_token, None).await?)];
    Ok(Outcome { said, careless: careless(&id_token, Flaw::IgnoresType).await? })
}

pub(super) async fn stolen_dpop_token(held: HeldCode) -> Result<Outcome, Failure> {
    let (owner, thief) = (KeyPair::generate().await?, KeyPair::generate().await?);
    let url = format!("{}/api/oauth/pages", origin()?);
    let token = bound_token(&held, &owner).await?;
    let proof = proof(&owner, "GET", &url, Some(&token), None).await?;
    let mut said = vec![Said::by_server("The owner, with a proof", &show("DPoP", &token, Some(&proof)).await?)];
    said.push(Said::by_server("The thief, as a Bearer token", &show("Bearer", &token, None).await?));
    let forged = self::proof(&thief, "GET", &url, Some(&token), None).await?;
    said.push(Said::by_server("The thief, with a proof by another key", &show("DPoP", &token, Some(&forged)).await?));
    Ok(Outcome { said, careless: careless(&token, Flaw::IgnoresBinding).await? })
}

/// Exchanges the code for a token that is bound to the pair (RFC 9449 §5). The server asks for a nonce first (§8).
async fn bound_token(held: &HeldCode, pair: &KeyPair) -> Result<String, Failure> {
    let endpoint = metadata().await?.token_endpoint;
    let body = redemption(held)?;
    let mut nonce = None;
    for _ in 0..2 {
        let proof = proof(pair, "POST", &endpoint, None, nonce.as_deref()).await?;
        let headers = [FORM, ("DPoP", proof.as_str())];
        let answered = call("POST", &endpoint, &headers, Some(&body)).await?;
        if answered.is_ok() {
            return token(&answered, "access_token");
        }
        nonce = answered.answer.header("dpop-nonce").map(ToOwned::to_owned);
    }
    Err(Failure::Malformed)
}

/// A DPoP proof (RFC 9449 §4.2).
async fn proof(
    pair: &KeyPair,
    method: &str,
    url: &str,
    access_token: Option<&str>,
    nonce: Option<&str>,
) -> Result<String, Failure> {
    let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": pair.public_jwk()});
    let jti = oauth2::CsrfToken::new_random().into_secret();
    let mut claims = json!({"jti": jti, "htm": method, "htu": url, "iat": dates::now()});
    if let Some(token) = access_token {
        claims["ath"] = json!(base64url::encode(web_crypto::sha256(token.as_bytes()).await?));
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    Ok(web_crypto::sign_compact(&header, &claims, Signer::Pair(pair)).await?)
}

async fn careless(token: &str, flaw: Flaw) -> Result<Careless, Failure> {
    let issuer = origin()?;
    let keys: Value = careless_jwt::keys(&metadata().await?.jwks_uri).await?;
    let audience = format!("{issuer}/api/oauth");
    let expected = Expected { issuer: &issuer, audience: &audience, typ: "at+jwt", now: dates::now() };
    Ok(Careless::of(careless_jwt::verify(token, flaw, &keys, "", &expected).await))
}
