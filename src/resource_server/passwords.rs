//! Passwords that callers get or choose. Each costs a hash, so each is counted per address, and nobody who signs in
//! waits behind them.

use super::ResourceServer;
use super::guards::{self, Caller, server};
use super::quota::{Exceeded, Quota};
use crate::audit_log::Happened;
use crate::auth_server::accounts::{AddError, DEMO, RETRY_WHEN_BUSY, check_password};
use crate::storage::accounts::{Changed, Realm};
use crate::wire::guest::Guest;
use crate::wire::problem::Problem;

/// Where guests are made. Outside a demo there is no such operation.
pub(super) const GUEST: &str = "/api/basic/guest";

/// How often one address may do either in a minute.
pub const PER_MINUTE: u32 = 10;

/// The check that refuses to change the password of an account that everybody shares.
const SHARED_ACCOUNT: &str = "shared_account";
const THROTTLE: &str = "throttle";

/// Gives the caller another password.
pub(super) async fn change(caller: &Caller, password: &str) -> Result<(), Problem> {
    let server = server()?;
    let changed = try_to_change(&server, caller, password).await;
    record(&server, "change_password", &caller.username, changed).await
}

async fn try_to_change(server: &ResourceServer, caller: &Caller, password: &str) -> Result<(), Refused> {
    let is_shared =
        |(realm, username, ..): &(Realm, &str, _, _)| *realm == Realm::Pages && *username == caller.username;
    if server.is_demo && DEMO.iter().any(is_shared) {
        let words = format!(
            "{} belongs to everybody who tries this demo, so its password stays as it is; \
             POST {GUEST} gives you an account of your own",
            caller.username
        );
        return Err(Refused::by(SHARED_ACCOUNT, Problem::new(403, words)));
    }
    check_password(password).map_err(|unfit| Refused::unheard(Problem::invalid("password", unfit.to_string())))?;
    count(&server.password_changes, server)?;
    let now = server.clock.now();
    let changed = server.accounts.set_password(Realm::Pages, &caller.username, password, &server.random, now).await;
    match changed.map_err(not_hashed)? {
        Changed::Done => Ok(()),
        // Only somebody who removed the account meanwhile can be the reason.
        Changed::Unknown | Changed::LastAdmin => Err(Refused::unheard(Problem::new(404, "the account is gone"))),
    }
}

/// Makes a throw-away account.
pub(super) async fn guest() -> Result<Guest, Problem> {
    let server = server()?;
    if !server.is_demo {
        return Err(Problem::new(404, "there is no such operation"));
    }
    let made = match count(&server.guests, &server) {
        Ok(()) => server.accounts.add_guest(&server.random, server.clock.now()).await.map_err(not_hashed),
        Err(refused) => Err(refused),
    };
    let username = made.as_ref().map(|guest| guest.username.clone()).unwrap_or_default();
    record(&server, "guest", &username, made).await
}

/// A refusal, and the check for the audit log where it belongs there.
struct Refused {
    problem: Problem,
    audited: Option<&'static str>,
}

impl Refused {
    fn by(check: &'static str, problem: Problem) -> Self {
        Self { problem: problem.with_check(check), audited: Some(check) }
    }

    /// Nobody need know: a slip, a flood, or a failure of ours.
    fn unheard(problem: Problem) -> Self {
        Self { problem, audited: None }
    }
}

fn count(quota: &Quota, server: &ResourceServer) -> Result<(), Refused> {
    let address = guards::request().and_then(|request| guards::address(&request)).map_err(Refused::unheard)?;
    quota.take(address, server.clock.now()).map_err(|Exceeded { seconds, is_news }| {
        let words = format!("that was often enough from this address; wait {seconds} seconds");
        let problem = guards::waiting(429, words, seconds);
        if is_news { Refused::by(THROTTLE, problem) } else { Refused::unheard(problem) }
    })
}

fn not_hashed(error: AddError) -> Refused {
    Refused::unheard(match error {
        AddError::Busy => guards::waiting(503, error.to_string(), RETRY_WHEN_BUSY),
        AddError::Storage(error) => error.into(),
        AddError::Hash(_) | AddError::Thread(_) => {
            tracing::error!(%error, "hashing failed");
            Problem::new(500, "the server could not hash the password")
        }
    })
}

async fn record<T>(
    server: &ResourceServer,
    action: &'static str,
    account: &str,
    outcome: Result<T, Refused>,
) -> Result<T, Problem> {
    let happened = |refused_by| Happened { account, key: "basic", action, refused_by, ..Happened::default() };
    match outcome {
        Ok(done) => {
            server.audit.record(happened(None)).await;
            Ok(done)
        }
        Err(Refused { problem, audited }) => {
            if audited.is_some() {
                server.audit.record(happened(audited)).await;
            }
            Err(problem)
        }
    }
}
