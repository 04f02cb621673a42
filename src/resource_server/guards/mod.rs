//! The three guards. Each is an ordered list of checks that first finds out who calls (authentication), then whether
//! the caller may do this (authorization), and answers with a [`Caller`] or a [`Problem`].
//!
//! A guard sees the head of a call and nothing else, and it runs before the body is looked at. The function behind it
//! asks for what the guard let through ([`admitted`]), and answers nobody without it.

pub mod basic;
mod credentials;
pub mod jwt;
pub mod oauth;

use super::ResourceServer;
use crate::audit_log::Happened;
use crate::auth_server::accounts::{RETRY_WHEN_BUSY, SignInError};
use crate::checks::{Check, Trace};
use crate::jose;
use crate::wire::pages::Profile;
use crate::wire::problem::Problem;
use crate::wire::role::{Operation, Role};
use crate::wire::scope::Scope;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use leptos::prelude::use_context;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

/// Who calls, and what for.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The account's name, or the client's id where a client acts for itself.
    pub username: String,
    /// What it may do.
    pub role: Role,
    /// With which key it came.
    pub key: &'static str,
    /// The token's scope, where the key knows any.
    pub scope: Option<Scope>,
    /// The client that acts, where the key knows any.
    pub client_id: Option<String>,
}

impl Caller {
    /// What the caller may see of itself.
    pub fn into_profile(self) -> Profile {
        Profile {
            username: self.username,
            role: self.role,
            key: self.key.to_owned(),
            scope: self.scope.map(|scope| scope.to_string()),
            client_id: self.client_id,
        }
    }
}

/// The guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// A password with every call.
    Basic,
    /// A signed token; nothing is looked up.
    Jwt,
    /// The same token, and the revocation store is asked.
    JwtRevocable,
    /// An access token of the authorization server.
    Oauth,
}

impl Guard {
    /// The key's name, as the audit log tells it.
    pub fn key(self) -> &'static str {
        match self {
            Guard::Basic => "basic",
            Guard::Jwt | Guard::JwtRevocable => "jwt",
            Guard::Oauth => "oauth",
        }
    }

    /// Every check that the guard can run, in its order. Those of a DPoP proof only concern calls that bring one.
    pub fn checks(self, with_proof: bool) -> Vec<&'static Check> {
        match self {
            Guard::Basic => basic::CHECKS.to_vec(),
            Guard::Jwt => jwt::checks(false),
            Guard::JwtRevocable => jwt::checks(true),
            Guard::Oauth => oauth::checks(with_proof),
        }
    }
}

/// The head of a call: all that a guard looks at.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path, without the query.
    pub path: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The address that it came from.
    pub address: IpAddr,
}

/// Why a guard does not let a call through.
#[derive(Debug)]
pub struct Rejection {
    problem: Problem,
    /// Who called, where authentication was done and authorization refused.
    caller: Option<Caller>,
    /// Whether the audit log should have it: not when nothing was shown, nor again and again in a flood.
    is_audited: bool,
}

impl Rejection {
    /// Nobody knows who calls.
    fn unauthenticated(problem: Problem) -> Self {
        Self { problem, caller: None, is_audited: true }
    }

    /// No credentials at all, or not the kind that the guard takes: the beginning of every conversation.
    fn without_credentials(problem: Problem) -> Self {
        Self { problem, caller: None, is_audited: false }
    }

    /// The caller is known, and may not do this.
    fn forbidden(caller: Caller, problem: Problem) -> Self {
        Self { problem, caller: Some(caller), is_audited: true }
    }
}

static ROLE: Check = Check::new("role", 9110, "15.5.4");

/// Asks the guard whether the caller may do this, and writes the audit log.
///
/// # Errors
/// The guard's refusal: 400 or 401 with a challenge, 403, or 429 or 503 with the time to wait.
pub async fn admit(
    server: &ResourceServer,
    guard: Guard,
    operation: Operation,
    call: Call<'_>,
    trace: &mut Trace,
) -> Result<Caller, Problem> {
    let decision = match guard {
        Guard::Basic => basic::decide(server, operation, call, trace).await,
        Guard::Jwt => jwt::decide(server, operation, call, false, trace).await,
        Guard::JwtRevocable => jwt::decide(server, operation, call, true, trace).await,
        Guard::Oauth => oauth::decide(server, operation, call, trace).await,
    };
    record(server, guard, operation, decision).await
}

/// What a guard let through, for the function behind it.
#[derive(Debug, Clone)]
pub(super) struct Admitted {
    pub(super) caller: Caller,
    pub(super) operation: Operation,
}

/// The caller that a guard let through for this very operation.
///
/// # Errors
/// 401 when no guard did: so it is while pages are rendered on the server, which hold no credentials.
pub(super) fn admitted(operation: Operation) -> Result<Caller, Problem> {
    let admitted = use_context::<Admitted>().filter(|admitted| admitted.operation == operation);
    let refused = || Problem::new(401, "no guard has let this call through").with_check("credentials");
    admitted.map(|admitted| admitted.caller).ok_or_else(refused)
}

/// The server behind the call.
pub(super) fn server() -> Result<Arc<ResourceServer>, Problem> {
    use_context().ok_or_else(|| Problem::new(500, "this function was called outside a request"))
}

/// The head of the request, where a function shows credentials itself.
pub(super) fn request() -> Result<Parts, Problem> {
    use_context().ok_or_else(|| Problem::new(500, "this function was called outside a request"))
}

/// The address that the request came from.
pub(super) fn address(request: &Parts) -> Result<IpAddr, Problem> {
    let from = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(from)| from.ip());
    from.ok_or_else(|| Problem::new(500, "the caller's address is not known"))
}

/// Why somebody was not signed in, as a problem document. `challenge` goes with a wrong password.
pub(super) fn not_signed_in(error: SignInError, challenge: &str) -> Problem {
    let words = error.to_string();
    match error {
        SignInError::Wrong => Problem::new(401, words).with_challenge(challenge).with_check("password"),
        SignInError::Throttled(throttled) => waiting(429, words, throttled.seconds),
        SignInError::Busy => waiting(503, words, RETRY_WHEN_BUSY),
        SignInError::Storage(error) => error.into(),
    }
}

/// Too often or too many: after so many seconds it may be tried again.
pub(super) fn waiting(status: u16, words: String, seconds: i64) -> Problem {
    let problem = Problem::new(status, words).with_check("throttle");
    Problem { retry_after: u64::try_from(seconds).ok(), ..problem }
}

/// Whether the account's role allows the operation: authorization, after authentication is done.
fn check_role(caller: Caller, operation: Operation, trace: &mut Trace) -> Result<Caller, Rejection> {
    let allowed = trace.check(&ROLE, || if caller.role.may(operation) { Ok(()) } else { Err(()) });
    if allowed.is_ok() {
        return Ok(caller);
    }
    let words = format!(
        "you are signed in as {}, but the role {} may not {}",
        caller.username,
        caller.role.as_str(),
        operation.in_words()
    );
    Err(Rejection::forbidden(caller, Problem::new(403, words).with_check(ROLE.name)))
}

fn action(operation: Operation) -> &'static str {
    match operation {
        Operation::ViewProfile => "view_profile",
        Operation::ChangePassword => "change_password",
        Operation::ReadPages => "read_pages",
        Operation::WritePage => "write_page",
        Operation::DeletePage => "delete_page",
        Operation::ReadAudit => "read_audit",
    }
}

/// Writes the decision into the audit log: every refusal of credentials that were shown, and every call that changes
/// something or reads the log itself.
async fn record(
    server: &ResourceServer,
    guard: Guard,
    operation: Operation,
    decision: Result<Caller, Rejection>,
) -> Result<Caller, Problem> {
    let (key, action) = (guard.key(), action(operation));
    match decision {
        Ok(caller) => {
            // A change of password writes its own line, which tells what became of it.
            let is_quiet = [Operation::ViewProfile, Operation::ReadPages, Operation::ChangePassword];
            if !is_quiet.contains(&operation) {
                let client_id = caller.client_id.as_deref().unwrap_or_default();
                let happened = Happened { account: &caller.username, client_id, key, action, refused_by: None };
                server.audit.record(happened).await;
            }
            Ok(caller)
        }
        Err(Rejection { problem, caller, is_audited }) => {
            let check = problem.check.as_deref().unwrap_or("storage");
            metrics::counter!("three_keys_guard_refusals_total", "key" => key, "check" => check.to_owned())
                .increment(1);
            if is_audited {
                let account = caller.as_ref().map(|caller| caller.username.as_str()).unwrap_or_default();
                let client_id = caller.as_ref().and_then(|caller| caller.client_id.as_deref()).unwrap_or_default();
                let happened = Happened { account, client_id, key, action, refused_by: Some(check) };
                server.audit.record(happened).await;
            }
            Err(problem)
        }
    }
}

/// The checks of a signed token, completed by a guard's own.
fn token_checks(own: impl IntoIterator<Item = &'static Check>) -> Vec<&'static Check> {
    jose::TOKEN_CHECKS.into_iter().chain(own).collect()
}
