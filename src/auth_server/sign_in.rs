//! Signing in at the authorization server's pages: throttled, the same answer for a wrong password and an unknown
//! account.

use super::AuthServer;
use super::accounts::{RETRY_WHEN_BUSY, SignInError};
use super::form_token::{self, Step};
use super::html;
use super::parameters::Parameters;
use super::sessions::{self, Session};
use super::throttle::Throttled;
use crate::audit_log::Happened;
use crate::storage::Stored;
use crate::storage::accounts::Realm;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use std::net::IpAddr;

/// What became of an attempt.
pub(super) enum Attempt {
    /// The account is signed in; the header sets its cookie.
    SignedIn(Box<Session>, HeaderValue),
    /// It is not; this is the page to show.
    Refused(Response),
}

/// Shows the sign-in page. `about` is what the form is bound to.
pub(super) fn show(
    server: &AuthServer,
    headers: &HeaderMap,
    status: StatusCode,
    about: &str,
    mut form: html::SignIn<'_>,
) -> Response {
    let (browser, cookie) = sessions::browser(server, headers);
    form.token = form_token::make(server, Step::SignIn, &browser, about);
    let mut response = html::sign_in(status, &form);
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Takes a filled-in form.
pub(super) async fn attempt(
    server: &AuthServer,
    headers: &HeaderMap,
    address: IpAddr,
    about: &str,
    form: &Parameters,
    show_again: html::SignIn<'_>,
) -> Stored<Attempt> {
    let (browser, _) = sessions::browser(server, headers);
    if !form_token::verify(server, Step::SignIn, &browser, about, form.get("form_token")) {
        return Ok(Attempt::Refused(html::stale_form()));
    }
    let username = form.get("username").unwrap_or_default();
    let password = form.get("password").unwrap_or_default();
    let now = server.clock.now();
    let refused =
        |rule| Happened { account: "", key: "auth_server", action: "sign_in", refused_by: Some(rule), client_id: "" };
    match server.accounts.sign_in(Realm::Pages, username, password, address, now).await {
        Ok(account) => {
            let happened =
                Happened { account: &account.username, key: "auth_server", action: "sign_in", ..Happened::default() };
            server.audit.record(happened).await;
            let before = sessions::current(server, headers).await?;
            let (session, cookie) = sessions::start(server, account, before.as_ref()).await?;
            Ok(Attempt::SignedIn(Box::new(session), cookie))
        }
        Err(SignInError::Storage(error)) => Err(error),
        Err(error) => {
            if let Some(check) = error.check() {
                server.audit.record(refused(check)).await;
            }
            let (status, wait, words) = match error {
                SignInError::Throttled(Throttled { seconds, .. }) => {
                    let words = format!("Too many attempts. Wait {seconds} seconds and try again.");
                    (StatusCode::TOO_MANY_REQUESTS, Some(seconds), words)
                }
                SignInError::Busy => {
                    let words = "Too many people are signing in. Try again in a moment.".to_owned();
                    (StatusCode::SERVICE_UNAVAILABLE, Some(RETRY_WHEN_BUSY), words)
                }
                SignInError::Wrong | SignInError::Storage(_) => {
                    (StatusCode::UNAUTHORIZED, None, "That account and password do not fit together.".to_owned())
                }
            };
            let again = html::SignIn { alert: Some(words), username, ..show_again };
            let mut response = show(server, headers, status, about, again);
            if let Some(seconds) = wait {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
            Ok(Attempt::Refused(response))
        }
    }
}
