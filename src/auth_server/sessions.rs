//! Sessions of the sign-in pages: an HttpOnly, SameSite cookie, made anew at every sign-in.

use super::AuthServer;
use crate::jose::sha256;
use crate::storage::Stored;
use crate::storage::accounts::Account;
use crate::storage::sessions::StoredSession;
use axum::http::{HeaderMap, HeaderValue, header};

/// How long a session lasts, in seconds.
const LIFETIME: i64 = 8 * 3600;

/// A living session with its account.
#[derive(Debug, Clone)]
pub(super) struct Session {
    /// The session as stored.
    pub(super) stored: StoredSession,
    /// Who signed in.
    pub(super) account: Account,
    /// The cookie's value, to bind forms to.
    pub(super) cookie: String,
}

fn cookie_name(server: &AuthServer, name: &str) -> String {
    // The prefix makes browsers refuse the cookie from a subdomain or without TLS (RFC 6265bis §4.1.3.2).
    if server.is_https() { format!("__Host-{name}") } else { name.to_owned() }
}

fn attributes(server: &AuthServer) -> &'static str {
    if server.is_https() { "; Path=/; HttpOnly; SameSite=Lax; Secure" } else { "; Path=/; HttpOnly; SameSite=Lax" }
}

/// The value of the cookie with that name.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && value.len() <= 128)
        .map(|(_, value)| value.to_owned())
}

const SESSION: &str = "three_keys_session";
const FORM: &str = "three_keys_form";

/// The session that the request's cookie names, if it lives.
pub(super) async fn current(server: &AuthServer, headers: &HeaderMap) -> Stored<Option<Session>> {
    let Some(cookie) = cookie(headers, &cookie_name(server, SESSION)) else { return Ok(None) };
    let Some(stored) = server.storage.session(&sha256(&cookie)).await? else { return Ok(None) };
    if server.clock.now() >= stored.expires_at {
        return Ok(None);
    }
    let account = server.storage.account_by_id(&stored.account_id).await?;
    Ok(account.map(|account| Session { stored, account, cookie }))
}

/// Starts a session for the account, ending the one that the browser had, and answers the `Set-Cookie` for it.
pub(super) async fn start(
    server: &AuthServer,
    account: Account,
    before: Option<&Session>,
) -> Stored<(Session, HeaderValue)> {
    if let Some(before) = before {
        server.storage.remove_session(&sha256(&before.cookie)).await?;
    }
    let now = server.clock.now();
    let cookie = server.random.token();
    let stored = StoredSession {
        sid: server.random.identifier(),
        account_id: account.id.clone(),
        auth_time: now,
        expires_at: now + LIFETIME,
    };
    server.storage.add_session(&sha256(&cookie), &stored).await?;
    let header = set_cookie(server, SESSION, &cookie);
    Ok((Session { stored, account, cookie }, header))
}

/// Ends the session and answers the `Set-Cookie` that removes its cookie.
pub(super) async fn end(server: &AuthServer, session: &Session) -> Stored<HeaderValue> {
    server.storage.remove_session(&sha256(&session.cookie)).await?;
    let name = cookie_name(server, SESSION);
    Ok(value(format!("{name}=; Max-Age=0{}", attributes(server))))
}

/// The value that binds forms to this browser before anybody has signed in, and the `Set-Cookie` for it where it is
/// new.
pub(super) fn browser(server: &AuthServer, headers: &HeaderMap) -> (String, Option<HeaderValue>) {
    match cookie(headers, &cookie_name(server, FORM)) {
        Some(known) => (known, None),
        None => {
            let fresh = server.random.token();
            let header = set_cookie(server, FORM, &fresh);
            (fresh, Some(header))
        }
    }
}

fn set_cookie(server: &AuthServer, name: &str, content: &str) -> HeaderValue {
    value(format!("{}={content}{}", cookie_name(server, name), attributes(server)))
}

fn value(text: String) -> HeaderValue {
    // Names, attributes and base64url are visible ASCII.
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
