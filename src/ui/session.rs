//! What this tab knows about who is signed in: session storage holds it, signals show it.
//!
//! The signals are empty on the server and during hydration's first render, so that both render the same;
//! `fill` fills them afterwards. The storage is the tab's own: another tab never sees it, and it ends with the tab.

pub(super) mod storage;
pub(super) mod tab;

#[cfg(feature = "hydrate")]
use super::fetched::{Unfetched, fetched};
use super::oauth::Application;
#[cfg(feature = "hydrate")]
use super::recorder;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

const BASIC: &str = "three-keys.basic";
/// Where the JWT is kept in session storage.
pub const JWT: &str = "three-keys.jwt";
const PENDING: &str = "three-keys.pending.";
const HELD: &str = "three-keys.held";

/// A name and a password: Basic sends both with every call, so the tab has to keep both.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasicCredentials {
    /// The account's name.
    pub username: String,
    /// Its password, as it was typed.
    pub password: String,
}

/// What the authorization server issued to this tab.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OauthTokens {
    /// Shown to the resource server with each call.
    pub access_token: String,
    /// Shown only to the authorization server, to get the next access token.
    pub refresh_token: Option<String>,
    /// Tells this application who signed in; never sent to an API.
    pub id_token: Option<String>,
    /// When the access token ends, in seconds since 1970-01-01 UTC, as far as it is known.
    pub expires_at: Option<i64>,
    /// The scope that was granted, which may be less than was asked for.
    pub scope: String,
}

impl OauthTokens {
    /// Whether the access token has ended.
    pub fn is_expired(&self, now: i64) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// A sign-in that has left for the authorization server and is not back yet.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingSignIn {
    /// The application that asked, by its client id: an answer to one is none to another.
    pub client_id: String,
    /// Proves, at the code's exchange, that the same tab asked for it (RFC 7636).
    pub verifier: String,
    /// The scope that was asked for, in case the answer does not name it (RFC 6749 §5.1).
    pub scope: String,
    /// The path to go back to.
    pub back: String,
    /// The task that wants the code for itself instead of tokens, such as an attack on one's own sign-in.
    #[serde(default)]
    pub task: Option<String>,
}

/// A code that came back and was not exchanged, because a task wants it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldCode {
    /// The sign-in that it came from.
    pub pending: PendingSignIn,
    /// The code.
    pub code: String,
    /// The `state` and the `iss` that came with it.
    pub state: String,
    /// The issuer that answered.
    pub iss: String,
}

/// The signals that pages look at.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    /// Whether the storage has been read; before that, nothing is known.
    pub ready: RwSignal<bool>,
    /// The Basic credentials that have opened the door.
    pub basic: RwSignal<Option<BasicCredentials>>,
    /// The JWT door's token.
    pub jwt: RwSignal<Option<String>>,
    /// The OAuth tokens of this application.
    pub oauth: RwSignal<Option<OauthTokens>>,
    /// The OAuth tokens of the trip planner, which is another application and happens to live in the same tab.
    pub trip_planner: RwSignal<Option<OauthTokens>>,
    /// Why the OAuth sign-in ended without the user's doing, where it did.
    pub ended: RwSignal<Option<String>>,
}

thread_local! {
    /// The tab's one session, for code that runs outside the reactive tree.
    static CURRENT: Cell<Option<Session>> = const { Cell::new(None) };
}

impl Session {
    /// An empty session for everything below the calling component.
    pub fn provide() -> Self {
        let session = Session {
            ready: RwSignal::new(false),
            basic: RwSignal::new(None),
            jwt: RwSignal::new(None),
            oauth: RwSignal::new(None),
            trip_planner: RwSignal::new(None),
            ended: RwSignal::new(None),
        };
        provide_context(session);
        #[cfg(feature = "hydrate")]
        CURRENT.set(Some(session));
        session
    }
}

/// Reads the storage; to be called in the browser once the page is hydrated.
#[cfg(feature = "hydrate")]
pub(super) fn fill() {
    let Some(session) = CURRENT.get() else { return };
    leptos::task::spawn_local(async move {
        if storage::holds_anything() {
            // Nobody is signed in where it cannot be had; the next page tries again.
            let _ = restore(session).await;
        }
        session.ready.set(true);
    });
}

#[cfg(feature = "hydrate")]
fetched! {
    in dealings:
    /// Takes over what the storage holds.
    async fn restore(session: Session) -> Result<(), Unfetched> {
        recorder::restore();
        session.basic.set(basic());
        session.jwt.set(jwt());
        session.trip_planner.set(tokens(Application::TripPlanner));
        if tab::is_a_copy().await {
            forget_pending();
            end_oauth(
                "This tab is a copy of another one. The refresh token belongs to that tab, so this one has forgotten \
                 its copy: sign in here as well if you like."
                    .to_owned(),
            );
        }
        session.oauth.set(oauth());
        Ok(())
    }
}

/// The Basic credentials in the storage.
pub fn basic() -> Option<BasicCredentials> {
    storage::read(BASIC)
}

/// The JWT in the storage.
pub fn jwt() -> Option<String> {
    storage::read(JWT)
}

/// The OAuth tokens of this application in the storage.
pub fn oauth() -> Option<OauthTokens> {
    tokens(Application::ThreeKeys)
}

/// The OAuth tokens of an application in the storage.
pub fn tokens(application: Application) -> Option<OauthTokens> {
    storage::read(application.slot())
}

/// Lets the next Basic calls carry these credentials, before it is known whether they open the door.
pub fn try_basic(credentials: &BasicCredentials) {
    storage::write(BASIC, credentials);
}

/// Keeps, or with `None` forgets, the Basic credentials.
pub fn keep_basic(credentials: Option<BasicCredentials>) {
    keep(BASIC, credentials, |session| session.basic);
}

/// Keeps, or with `None` forgets, the JWT.
pub fn keep_jwt(token: Option<String>) {
    keep(JWT, token, |session| session.jwt);
}

/// Keeps, or with `None` forgets, the OAuth tokens of this application. What was there before is replaced at once.
pub fn keep_oauth(tokens: Option<OauthTokens>) {
    keep_tokens(Application::ThreeKeys, tokens);
}

/// Keeps, or with `None` forgets, the OAuth tokens of an application.
pub fn keep_tokens(application: Application, tokens: Option<OauthTokens>) {
    match (application, &tokens) {
        (Application::ThreeKeys, Some(_)) => tab::claim(),
        (Application::ThreeKeys, None) => tab::disclaim(),
        (Application::TripPlanner, _) => {}
    }
    keep(application.slot(), tokens, |session| match application {
        Application::ThreeKeys => session.oauth,
        Application::TripPlanner => session.trip_planner,
    });
}

/// Forgets all of OAuth and says why, because the user did not ask for it.
pub fn end_oauth(reason: String) {
    keep_oauth(None);
    if let Some(session) = CURRENT.get() {
        session.ended.set(Some(reason));
    }
}

/// Remembers a sign-in that is about to leave, under its `state`.
pub fn begin_pending(state: &str, pending: &PendingSignIn) {
    storage::write(&format!("{PENDING}{state}"), pending);
}

/// The pending sign-in of that `state`. It is given out once: whoever asks again finds nothing.
pub fn take_pending(state: &str) -> Option<PendingSignIn> {
    let slot = format!("{PENDING}{state}");
    let pending = storage::read(&slot);
    storage::remove(&slot);
    pending
}

/// Forgets every sign-in that never came back, and every code that nobody took.
pub fn forget_pending() {
    storage::remove_all(PENDING);
    storage::remove(HELD);
}

/// Keeps a code for the task that wants it.
pub fn hold(code: &HeldCode) {
    storage::write(HELD, code);
}

/// Whether a code is kept for a task.
pub fn holds_code() -> bool {
    storage::holds(HELD)
}

/// The code that a task has been waiting for. It is given out once.
pub fn take_held() -> Option<HeldCode> {
    let held = storage::read(HELD);
    storage::remove(HELD);
    held
}

fn keep<T>(slot: &str, value: Option<T>, signal: impl Fn(Session) -> RwSignal<Option<T>>)
where
    T: Serialize + Send + Sync + 'static,
{
    match &value {
        Some(value) => storage::write(slot, value),
        None => storage::remove(slot),
    }
    if let Some(session) = CURRENT.get() {
        signal(session).set(value);
    }
}
