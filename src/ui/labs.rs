//! The attacks: what each one does, to the real server, and to a careless verifier in this browser.

#[cfg(feature = "hydrate")]
mod basic;
pub mod careless;
#[cfg(feature = "hydrate")]
mod careless_jwt;
#[cfg(feature = "hydrate")]
mod jwt;
#[cfg(feature = "hydrate")]
mod oauth;
#[cfg(feature = "hydrate")]
mod oauth_with_code;
mod stories;

use crate::ui::client::Answered;
use crate::ui::oauth::Failure;
use crate::ui::session::HeldCode;
use crate::wire::trace::{CheckTrace, Outcome as CheckOutcome};

/// Every attack that can be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each has its story in labs/stories.rs")]
pub enum Attack {
    BasicReplay,
    BasicGuess,
    BasicEnumerate,
    BasicPasswordChange,
    JwtRole,
    JwtNone,
    JwtConfusion,
    JwtExpired,
    JwtAudience,
    JwtEmbeddedKey,
    JwtSignedOut,
    OauthRedirectUri,
    OauthNoVerifier,
    OauthCodeTwice,
    OauthState,
    OauthIssuer,
    OauthWiderScope,
    OauthOldRefreshToken,
    OauthIdToken,
    OauthStolenDpopToken,
}

/// What an attack is about, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Story {
    /// Its name in addresses and in the storage.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What the attacker does.
    pub attacker: &'static str,
    /// What stops it, or why nothing does.
    pub defence: &'static str,
    /// What the careless verifier leaves out.
    pub carelessness: &'static str,
}

/// What came of an attack.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// What the careful side said, request by request.
    pub said: Vec<Said>,
    /// What the careless verifier did with the same input.
    pub careless: Careless,
}

/// One answer of the careful side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What was asked, in a few words.
    pub asked: String,
    /// Who answered: a server, or this application itself.
    pub who: &'static str,
    /// The status; 0 where the application refused before anything was sent.
    pub status: u16,
    /// The check that refused.
    pub check: Option<Checked>,
    /// The answer in words.
    pub words: String,
    /// The exchange in the recorder.
    pub exchange: Option<u32>,
}

/// A check, and where it is demanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its name.
    pub name: String,
    /// Its source in words and as a link.
    pub source: Option<(String, String)>,
}

/// What the careless verifier did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Careless {
    /// Whether it was fooled.
    pub is_fooled: bool,
    /// What it said.
    pub words: String,
}

impl Careless {
    /// From a verifier that lets somebody in, or says why not.
    pub fn of(verdict: Result<String, String>) -> Self {
        match verdict {
            Ok(words) => Self { is_fooled: true, words },
            Err(words) => Self { is_fooled: false, words },
        }
    }
}

impl Said {
    /// What a server answered.
    pub fn by_server(asked: &str, answered: &Answered) -> Self {
        let refused = |check: &CheckTrace| check.outcome == CheckOutcome::Refused;
        let check = answered
            .answer
            .checks()
            .into_iter()
            .find(refused)
            .map(|check| Checked { source: Some((check.source(), check.link())), name: check.check });
        let json = answered.json();
        let member = |name: &str| json[name].as_str().map(ToOwned::to_owned);
        let named = member("check").map(|name| Checked { name, source: None });
        let words = match (member("error"), member("error_description"), member("detail")) {
            (Some(code), Some(description), _) => format!("{code}: {description}"),
            (Some(code), None, _) => code,
            (_, _, Some(detail)) => detail,
            _ if answered.is_ok() => "let it through".to_owned(),
            _ => "gave no reason".to_owned(),
        };
        Self {
            asked: asked.to_owned(),
            who: "The server",
            status: answered.status,
            check: check.or(named).filter(|_| !answered.is_ok()),
            words,
            exchange: Some(answered.exchange),
        }
    }

    /// What this application refused by itself, before anything left it.
    pub fn by_this_application(asked: &str, check: &str, rfc: u16, section: &str, words: String) -> Self {
        let source = format!("RFC {rfc} §{section}");
        let link = format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}");
        Self {
            asked: asked.to_owned(),
            who: "This application",
            status: 0,
            check: Some(Checked { name: check.to_owned(), source: Some((source, link)) }),
            words,
            exchange: None,
        }
    }
}

/// Why an attack could not even begin.
#[cfg(feature = "hydrate")]
fn refused(answered: &Answered) -> Failure {
    Failure::Refused { code: answered.status.to_string(), description: Some(answered.problem().detail) }
}

/// Tries the attack. `None` when the browser has left for the authorization server, to come back with a code for it.
///
/// # Errors
/// When it could not be tried at all, such as without a server.
#[cfg(feature = "hydrate")]
pub async fn run(attack: Attack) -> Result<Option<Outcome>, Failure> {
    match attack {
        Attack::BasicReplay => basic::replay().await,
        Attack::BasicGuess => basic::guess().await,
        Attack::BasicEnumerate => basic::enumerate().await,
        Attack::BasicPasswordChange => basic::change_password().await,
        Attack::JwtRole => jwt::raise_role().await,
        Attack::JwtNone => jwt::no_algorithm().await,
        Attack::JwtConfusion => jwt::confuse_algorithms().await,
        Attack::JwtExpired => jwt::expired().await,
        Attack::JwtAudience => jwt::other_audience().await,
        Attack::JwtEmbeddedKey => jwt::embedded_key().await,
        Attack::JwtSignedOut => jwt::signed_out().await,
        Attack::OauthRedirectUri => oauth::redirect_uri().await,
        Attack::OauthState => oauth::foreign_state().await,
        Attack::OauthIssuer => oauth::foreign_issuer().await,
        Attack::OauthNoVerifier
        | Attack::OauthCodeTwice
        | Attack::OauthWiderScope
        | Attack::OauthOldRefreshToken
        | Attack::OauthIdToken
        | Attack::OauthStolenDpopToken => return oauth::fetch_code(attack).await.map(|()| None),
    }
    .map(Some)
}

/// Goes on with an attack whose code has come back.
///
/// # Errors
/// As [`run`].
#[cfg(feature = "hydrate")]
pub async fn resume(attack: Attack, held: HeldCode) -> Result<Outcome, Failure> {
    match attack {
        Attack::OauthNoVerifier => oauth_with_code::no_verifier(held).await,
        Attack::OauthCodeTwice => oauth_with_code::code_twice(held).await,
        Attack::OauthWiderScope => oauth_with_code::wider_scope(held).await,
        Attack::OauthOldRefreshToken => oauth_with_code::old_refresh_token(held).await,
        Attack::OauthIdToken => oauth_with_code::id_token(held).await,
        Attack::OauthStolenDpopToken => oauth_with_code::stolen_dpop_token(held).await,
        _ => Err(Failure::NothingToFinish),
    }
}

/// Outside a browser nothing is attacked.
#[cfg(not(feature = "hydrate"))]
mod nowhere {
    use super::{Attack, Failure, HeldCode, Outcome};

    /// Tries the attack.
    ///
    /// # Errors
    /// Always, outside a browser.
    pub async fn run(_attack: Attack) -> Result<Option<Outcome>, Failure> {
        Err(Failure::NoBrowser)
    }

    /// Goes on with an attack.
    ///
    /// # Errors
    /// Always, outside a browser.
    pub async fn resume(_attack: Attack, _held: HeldCode) -> Result<Outcome, Failure> {
        Err(Failure::NoBrowser)
    }
}
#[cfg(not(feature = "hydrate"))]
pub use nowhere::{resume, run};
