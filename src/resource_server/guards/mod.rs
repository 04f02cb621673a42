//! The three guards. Each is an ordered list of checks that first finds out who calls (authentication), then whether
//! the caller may do this (authorization), and answers with a [`Caller`] or a [`Problem`].

pub mod basic;
pub mod jwt;
pub mod oauth;

use super::ResourceServer;
use crate::audit_log::Happened;
use crate::wire::pages::Profile;
use crate::wire::problem::Problem;
use crate::wire::role::{Operation, Role};
use crate::wire::scope::Scope;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use leptos::prelude::use_context;
use std::net::{IpAddr, SocketAddr};

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

/// The server behind the call.
pub(super) fn server() -> Result<ResourceServer, Problem> {
    use_context().ok_or_else(|| Problem::new(500, "this function was called outside a request"))
}

/// The head of the request.
fn request() -> Result<Parts, Problem> {
    use_context().ok_or_else(|| Problem::new(500, "this function was called outside a request"))
}

/// The address that the call came from.
pub(super) fn address() -> Result<IpAddr, Problem> {
    let from = request()?.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(from)| from.ip());
    from.ok_or_else(|| Problem::new(500, "the caller's address is not known"))
}

/// What the `Authorization` header holds.
enum Credentials<'a> {
    /// There is none.
    Nothing,
    /// A scheme, in lower case because case does not matter (RFC 9110 §11.1), and what follows it.
    Given { scheme: String, value: &'a str },
    /// It cannot be read.
    Unreadable,
    /// There is more than one (RFC 6750 §2 allows one method for one token).
    TooMany,
}

fn credentials(headers: &HeaderMap) -> Credentials<'_> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = given.next() else { return Credentials::Nothing };
    if given.next().is_some() {
        return Credentials::TooMany;
    }
    match first.to_str().map(|text| text.split_once(' ')) {
        Ok(Some((scheme, value))) => Credentials::Given { scheme: scheme.to_ascii_lowercase(), value: value.trim() },
        _ => Credentials::Unreadable,
    }
}

/// Whether the account's role allows the operation: authorization, after authentication is done.
fn check_role(caller: &Caller, operation: Operation) -> Result<(), Problem> {
    if caller.role.may(operation) {
        return Ok(());
    }
    let words = format!(
        "you are signed in as {}, but the role {} may not {}",
        caller.username,
        caller.role.as_str(),
        operation.in_words()
    );
    Err(Problem::new(403, words).with_check("role"))
}

fn action(operation: Operation) -> &'static str {
    match operation {
        Operation::ViewProfile => "view_profile",
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
    key: &'static str,
    operation: Operation,
    decision: Result<Caller, (Problem, Option<Caller>)>,
) -> Result<Caller, Problem> {
    let action = action(operation);
    match decision {
        Ok(caller) => {
            if !matches!(operation, Operation::ViewProfile | Operation::ReadPages) {
                let client_id = caller.client_id.as_deref().unwrap_or_default();
                let happened = Happened { account: &caller.username, client_id, key, action, refused_by: None };
                server.audit.record(happened).await;
            }
            Ok(caller)
        }
        Err((problem, known)) => {
            let account = known.as_ref().map(|caller| caller.username.as_str()).unwrap_or_default();
            let client_id = known.as_ref().and_then(|caller| caller.client_id.as_deref()).unwrap_or_default();
            if let Some(check) = problem.check.as_deref().filter(|check| *check != "credentials") {
                let happened = Happened { account, client_id, key, action, refused_by: Some(check) };
                server.audit.record(happened).await;
            }
            Err(problem)
        }
    }
}
