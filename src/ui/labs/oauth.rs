//! The attacks on OAuth that need no code, and the way to one for those that do.

use super::careless::{answer_at_callback, redirect_uri_begins_well};
use super::{Attack, Careless, Outcome, Said};
use crate::ui::client::{Answered, call};
use crate::ui::key::Key;
use crate::ui::oauth::{self, Application, Ask, Failure, accept_answer, form, metadata, origin, prepare};
use crate::ui::session::{self, PendingSignIn};

pub(super) const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

/// Posts a form to an endpoint.
pub(super) async fn post(endpoint: &str, fields: &[(&str, &str)]) -> Result<Answered, Failure> {
    Ok(call("POST", endpoint, &[FORM], Some(&form(fields)?)).await?)
}

/// Leaves for the authorization server, to come back with a code for the attack.
pub(super) async fn fetch_code(attack: Attack) -> Result<(), Failure> {
    let scope = ["openid", "profile", "offline_access", "pages:read"].map(ToOwned::to_owned).to_vec();
    let task = Some(attack.story().id.to_owned());
    oauth::begin(Ask { application: Application::ThreeKeys, scope, back: Key::Oauth.path().to_owned(), task }).await
}

pub(super) async fn redirect_uri() -> Result<Outcome, Failure> {
    let endpoint = metadata().await?.pushed_authorization_request_endpoint.ok_or(Failure::Malformed)?;
    let origin = origin()?;
    let asked = format!("{origin}.evil.example/callback");
    let fields = [
        ("client_id", Application::ThreeKeys.client_id()),
        ("response_type", "code"),
        ("redirect_uri", asked.as_str()),
        ("scope", "pages:read"),
        ("state", "chosen-by-the-attacker"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let said = vec![Said::by_server("The request with the attacker’s redirect URI", &post(&endpoint, &fields).await?)];
    Ok(Outcome { said, careless: Careless::of(redirect_uri_begins_well(&origin, &asked)) })
}

pub(super) async fn foreign_state() -> Result<Outcome, Failure> {
    let query = format!("?code=the-attackers-code&state=the-attackers-state&iss={}", origin()?);
    let refused = accept_answer(Application::ThreeKeys, &query).await.err().ok_or(Failure::Malformed)?;
    let words = refused.to_string();
    let said = Said::by_this_application("The attacker’s answer at /callback", "state", 6749, "10.12", words);
    Ok(Outcome { said: vec![said], careless: Careless::of(answer_at_callback(&query, None)) })
}

pub(super) async fn foreign_issuer() -> Result<Outcome, Failure> {
    let scope = vec!["pages:read".to_owned()];
    let back = Key::Oauth.path().to_owned();
    let ask = Ask { application: Application::ThreeKeys, scope, back, task: None };
    let made = prepare(&ask).await?;
    let client_id = ask.application.client_id().to_owned();
    let pending = PendingSignIn {
        client_id,
        verifier: made.verifier,
        scope: "pages:read".to_owned(),
        back: ask.back,
        task: None,
    };
    session::begin_pending(&made.state, &pending);
    let query = format!("?code=another-servers-code&state={}&iss=https://evil.example", made.state);
    let refused = accept_answer(Application::ThreeKeys, &query).await.err().ok_or(Failure::Malformed)?;
    let words = refused.to_string();
    let said =
        Said::by_this_application("An answer with the right state from another issuer", "issuer", 9207, "2.4", words);
    Ok(Outcome { said: vec![said], careless: Careless::of(answer_at_callback(&query, Some(&made.state))) })
}
