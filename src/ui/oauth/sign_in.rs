//! The authorization code flow: leaving for the authorization server, and coming back.

use super::metadata::{metadata, origin};
use super::tokens::{accept, client, failure, post};
use super::{Application, Ask, Failure, Prepared};
use crate::ui::recorder::{self, Crossing};
use crate::ui::session::{self, HeldCode, PendingSignIn};
use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use web_sys::UrlSearchParams;

/// Makes a request to the authorization endpoint, with a `state` and a code challenge of its own. Nothing is sent.
///
/// # Errors
/// When the metadata cannot be had or trusted.
pub async fn prepare(ask: &Ask) -> Result<Prepared, Failure> {
    let client = client(&metadata().await?, ask.application)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(ask.scope.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge)
        .url();
    Ok(Prepared { url: url.into(), state: state.into_secret(), verifier: verifier.into_secret() })
}

/// Leaves for the authorization server with that request.
///
/// # Errors
/// When there is no browser.
pub fn leave(ask: Ask, prepared: Prepared) -> Result<(), Failure> {
    let Prepared { url, state, verifier } = prepared;
    let Ask { application, scope, back, task } = ask;
    let client_id = application.client_id().to_owned();
    session::begin_pending(&state, &PendingSignIn { client_id, verifier, scope: scope.join(" "), back, task });
    recorder::asked(Crossing::Navigation, "GET", &url, Vec::new(), "");
    let location = web_sys::window().ok_or(Failure::NoBrowser)?.location();
    location.set_href(&url).map_err(|_| Failure::NoBrowser)
}

/// Leaves for the authorization server, all at once.
///
/// # Errors
/// When the metadata cannot be had or trusted.
pub async fn begin(ask: Ask) -> Result<(), Failure> {
    let prepared = prepare(&ask).await?;
    leave(ask, prepared)
}

/// Takes the answer out of the callback's query, and exchanges the code for tokens or holds it for the task that wants it;
/// gives the path to go back to.
///
/// # Errors
/// When the answer is not for this tab or not from the server that was asked, and when the server refuses.
pub async fn finish(application: Application, query: String) -> Result<String, Failure> {
    recorder::came_back(&format!("{}{}{query}", origin()?, application.redirect_path()));
    let held = accept_answer(application, &query).await?;
    let back = held.pending.back.clone();
    if held.pending.task.is_some() {
        session::hold(&held);
    } else {
        redeem(held).await?;
    }
    Ok(back)
}

/// Whether an answer is for this tab and from the server that was asked, and what it brings.
///
/// The order matters: the state, then the issuer, and only then does the code leave this tab (RFC 9207 §2.4).
///
/// # Errors
/// When it is not, or when the server refused.
pub async fn accept_answer(application: Application, query: &str) -> Result<HeldCode, Failure> {
    let answer = UrlSearchParams::new_with_str(query).map_err(|_| Failure::NothingToFinish)?;
    let (code, refusal) = (answer.get("code"), answer.get("error"));
    if code.is_none() && refusal.is_none() {
        return Err(Failure::NothingToFinish);
    }
    let state = answer.get("state").ok_or(Failure::UnknownState)?;
    let pending = session::take_pending(&state).ok_or(Failure::UnknownState)?;
    if pending.client_id != application.client_id() {
        return Err(Failure::UnknownState);
    }
    let iss = answer.get("iss").ok_or(Failure::MissingIssuer)?;
    if iss != metadata().await?.issuer {
        return Err(Failure::WrongIssuer(iss));
    }
    match (code, refusal) {
        (Some(code), None) => Ok(HeldCode { pending, code, state, iss }),
        (_, refusal) => {
            let code = refusal.unwrap_or_default();
            Err(Failure::Refused { code, description: answer.get("error_description") })
        }
    }
}

/// Exchanges the code for tokens, and keeps them.
///
/// # Errors
/// When the server refuses.
pub async fn redeem(held: HeldCode) -> Result<(), Failure> {
    let HeldCode { pending, code, .. } = held;
    let applications = [Application::ThreeKeys, Application::TripPlanner];
    let application = applications.into_iter().find(|known| known.client_id() == pending.client_id);
    let application = application.ok_or(Failure::UnknownState)?;
    let answer = client(&metadata().await?, application)?
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier))
        .request_async(&post)
        .await
        .map_err(failure)?;
    session::keep_tokens(application, Some(accept(&answer, &pending.scope, None)?));
    Ok(())
}
