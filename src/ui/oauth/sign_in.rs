//! The authorization code flow: leaving for the authorization server, and coming back.

use super::Failure;
use super::metadata::metadata;
use super::tokens::{accept, client, failure, post};
use crate::ui::session::{self, PendingSignIn};
use oauth2::{AuthorizationCode, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use web_sys::UrlSearchParams;

/// Leaves for the authorization server, asking for these scope tokens; the way back leads to `back`.
///
/// # Errors
/// When the metadata cannot be had or trusted.
pub async fn begin(scope: Vec<String>, back: &str) -> Result<(), Failure> {
    let client = client(&metadata().await?)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let asked = scope.join(" ");
    let (url, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scopes(scope.into_iter().map(Scope::new))
        .set_pkce_challenge(challenge)
        .url();
    let pending = PendingSignIn { verifier: verifier.into_secret(), scope: asked, back: back.to_owned() };
    session::begin_pending(state.secret(), &pending);
    let location = web_sys::window().ok_or(Failure::NoBrowser)?.location();
    location.set_href(url.as_str()).map_err(|_| Failure::NoBrowser)
}

/// Takes the answer out of the callback's query, redeems the code and keeps the tokens; gives the path to go back to.
///
/// The order matters: the state, then the issuer, and only then does the code leave this tab (RFC 9207 §2.4).
///
/// # Errors
/// When the answer is not for this tab or not from the server that was asked, and when the server refuses.
pub async fn finish(query: String) -> Result<String, Failure> {
    let answer = UrlSearchParams::new_with_str(&query).map_err(|_| Failure::NothingToFinish)?;
    let (code, refusal) = (answer.get("code"), answer.get("error"));
    if code.is_none() && refusal.is_none() {
        return Err(Failure::NothingToFinish);
    }
    let pending = answer.get("state").and_then(|state| session::take_pending(&state)).ok_or(Failure::UnknownState)?;
    let metadata = metadata().await?;
    match answer.get("iss") {
        None => return Err(Failure::MissingIssuer),
        Some(issuer) if issuer != metadata.issuer => return Err(Failure::WrongIssuer(issuer)),
        Some(_) => {}
    }
    let code = match (code, refusal) {
        (Some(code), None) => code,
        (_, refusal) => {
            let code = refusal.unwrap_or_default();
            return Err(Failure::Refused { code, description: answer.get("error_description") });
        }
    };
    let answer = client(&metadata)?
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier))
        .request_async(&post)
        .await
        .map_err(failure)?;
    session::keep_oauth(Some(accept(&answer, &pending.scope, None)?));
    Ok(pending.back)
}
