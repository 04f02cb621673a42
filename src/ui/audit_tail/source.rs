//! With which key the log is read.

use crate::resource_server::wiki::{jwt, oauth};
use crate::ui::client::{basic_header, call};
use crate::ui::session::{BasicCredentials, Session};
use crate::wire::audit::AuditEvent;
use crate::wire::problem::Problem;
use leptos::prelude::*;

/// A key that may open the log. Basic's credentials for the wiki are none: the log is a realm of its own.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// This tab's JWT.
    Jwt,
    /// This tab's access token.
    Oauth,
    /// The credentials of the second Basic realm, which only this page knows and forgets when it is left.
    Auditor(BasicCredentials),
}

impl Source {
    /// For people.
    pub fn name(&self) -> &'static str {
        match self {
            Source::Jwt => "this tab’s JWT",
            Source::Oauth => "this tab’s access token",
            Source::Auditor(_) => "the second Basic realm",
        }
    }

    /// The keys that this tab holds, the likeliest first.
    pub fn held(session: Session) -> Vec<Source> {
        let jwt = session.jwt.with(Option::is_some).then_some(Source::Jwt);
        let oauth = session.oauth.with(Option::is_some).then_some(Source::Oauth);
        jwt.into_iter().chain(oauth).collect()
    }

    /// The newest events, or those before an event, newest first.
    ///
    /// # Errors
    /// What the resource server says when it refuses; status 0 when it cannot be reached.
    pub async fn read(&self, limit: u32, before: Option<i64>) -> Result<Vec<AuditEvent>, Problem> {
        match self {
            Source::Jwt => jwt::read_audit(Some(limit), before).await,
            Source::Oauth => oauth::read_audit(Some(limit), before).await,
            Source::Auditor(credentials) => as_auditor(credentials, limit, before).await,
        }
    }
}

/// The same call with these credentials, and not with those that this tab keeps for the wiki.
async fn as_auditor(
    credentials: &BasicCredentials,
    limit: u32,
    before: Option<i64>,
) -> Result<Vec<AuditEvent>, Problem> {
    let header = basic_header(&credentials.username, &credentials.password);
    let before = before.map(|id| format!("&before={id}")).unwrap_or_default();
    let url = format!("/api/basic/audit?limit={limit}{before}");
    let answered = call("GET", &url, &[("Authorization", &header)], None).await?;
    if !answered.is_ok() {
        return Err(answered.problem());
    }
    serde_json::from_str(&answered.answer.body).map_err(|_| Problem::new(0, "the answer cannot be read"))
}
