//! `/oauth/applications`: what the account allowed, to whom, when it was last used; and taking it back, one
//! application at a time. It is what a password handed around cannot offer.

use super::AuthServer;
use super::authorize::see_other;
use super::cross_site::read_form;
use super::form_token::{self, Step};
use super::html;
use super::sessions::{self, Session};
use super::sign_in::{self, Attempt};
use super::tokens;
use crate::storage::grants::Application;
use crate::storage::{StorageError, Stored};
use crate::wire::scope::Scope;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use maud::html as markup;
use std::net::SocketAddr;
use std::sync::Arc;

const HERE: &str = "/oauth/applications";

/// Lists the applications of the account.
pub(super) async fn get(State(server): State<Arc<AuthServer>>, headers: HeaderMap) -> Response {
    let answered = async {
        match sessions::current(&server, &headers).await? {
            None => Ok(sign_in::show(&server, &headers, StatusCode::OK, "applications", sign_in_form())),
            Some(session) => list(&server, &session).await,
        }
    };
    answered.await.unwrap_or_else(failed)
}

/// Takes the sign-in, or revokes one application.
pub(super) async fn post(
    State(server): State<Arc<AuthServer>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let form = match read_form(&server, request).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let answered = async {
        if form.get("step") == Some("sign_in") {
            let attempt = sign_in::attempt(&server, &headers, from.ip(), "applications", &form, sign_in_form()).await?;
            return Ok(match attempt {
                Attempt::Refused(response) => response,
                Attempt::SignedIn(_, cookie) => {
                    let mut response = see_other(HERE);
                    response.headers_mut().append(header::SET_COOKIE, cookie);
                    response
                }
            });
        }
        let Some(session) = sessions::current(&server, &headers).await? else { return Ok(html::stale_form()) };
        let client_id = form.get("client_id").unwrap_or_default();
        if !form_token::verify(&server, Step::Applications, &session.cookie, client_id, form.get("form_token")) {
            return Ok(html::stale_form());
        }
        if tokens::revoke_application(&server, &session.account.id, client_id).await.is_err() {
            return Ok(html::failure());
        }
        server.allowed("revoke_application", client_id, &session.account.username).await;
        Ok(see_other(HERE))
    };
    answered.await.unwrap_or_else(failed)
}

fn failed(error: StorageError) -> Response {
    tracing::error!(%error, "the applications page failed");
    html::failure()
}

fn sign_in_form() -> html::SignIn<'static> {
    html::SignIn { purpose: "Sign in to see what you have allowed.".to_owned(), ..html::SignIn::default() }
}

async fn list(server: &AuthServer, session: &Session) -> Stored<Response> {
    let now = server.clock.now();
    let applications = server.storage.applications(&session.account.id, now).await?;
    let mut named: Vec<(String, Scope, Application)> = Vec::with_capacity(applications.len());
    for application in applications {
        let client = server.clients.find(&application.client_id).await?;
        let name = client.map_or_else(|| application.client_id.clone(), |client| client.client_name.clone());
        let scope = application
            .scopes
            .iter()
            .filter_map(|text| text.parse().ok())
            .fold(Scope::default(), |all, one: Scope| all.union(&one));
        named.push((name, scope, application));
    }
    Ok(html::page(
        StatusCode::OK,
        "Applications",
        &markup! {
            p { "You are signed in as " strong { (session.account.username) } ". These applications may act for you." }
            @if named.is_empty() { p { "There are none." } }
            @for (name, scope, application) in &named {
                section class="auth-application" {
                    h2 { (name) }
                    ul { @for one in scope.iter() { li { (html::scope_in_words(one)) " " code { (one) } } } }
                    p class="auth-note" {
                        "Allowed " (ago(now - application.granted_at)) ", last used " (ago(now - application.last_used_at)) "."
                    }
                    form method="post" action=(HERE) {
                        (html::form_head("revoke", &form_token::make(server, Step::Applications, &session.cookie, &application.client_id)))
                        input type="hidden" name="client_id" value=(application.client_id);
                        button type="submit" class="button" { "Revoke " (name) }
                    }
                }
            }
        },
    ))
}

fn ago(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..60 => return "just now".to_owned(),
        60..3600 => (seconds / 60, "minute"),
        3600..86_400 => (seconds / 3600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn times_in_words() {
        assert_eq!(ago(5), "just now");
        assert_eq!(ago(60), "1 minute ago");
        assert_eq!(ago(7200), "2 hours ago");
        assert_eq!(ago(200_000), "2 days ago");
    }
}
