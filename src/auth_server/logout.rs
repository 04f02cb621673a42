//! `/oauth/logout`: a client asks that the person be signed out here (OpenID Connect RP-Initiated Logout 1.0).

use super::AuthServer;
use super::authorize::see_other;
use super::clients::Client;
use super::cross_site::read_form;
use super::form_token::{self, Step};
use super::html;
use super::parameters::Parameters;
use super::sessions::{self, Session};
use super::tokens::id_token;
use crate::storage::{StorageError, Stored};
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use maud::html as markup;
use std::sync::Arc;

/// By `GET`, with the request in the query.
pub(super) async fn get(
    State(server): State<Arc<AuthServer>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    answer(&server, &headers, &parameters).await.unwrap_or_else(failed)
}

/// By `POST`: a client's request with the parameters in the body, or the person's confirmation.
pub(super) async fn post(State(server): State<Arc<AuthServer>>, headers: HeaderMap, request: Request) -> Response {
    match read_form(&server, request).await {
        Ok(form) => answer(&server, &headers, &form).await.unwrap_or_else(failed),
        Err(response) => response,
    }
}

fn failed(error: StorageError) -> Response {
    tracing::error!(%error, "the logout endpoint failed");
    html::failure()
}

/// Where the browser goes afterwards, if the client may name that place.
struct Way {
    client: Option<Arc<Client>>,
    hint_is_for: Option<String>,
    location: Option<String>,
}

async fn answer(server: &AuthServer, headers: &HeaderMap, parameters: &Parameters) -> Stored<Response> {
    if parameters.repeated().is_some() || parameters.is_unreadable() {
        return Ok(bad_request("A parameter came more than once, or is not readable."));
    }
    let way = match understand(server, parameters).await? {
        Ok(way) => way,
        Err(words) => return Ok(bad_request(words)),
    };
    let Some(session) = sessions::current(server, headers).await? else { return Ok(farewell(way.location.as_deref())) };
    let about = parameters.get("post_logout_redirect_uri").unwrap_or_default();
    let confirmed = form_token::verify(server, Step::SignOut, &session.cookie, about, parameters.get("form_token"));
    // A client that shows the ID token of this very session may end it at once; anybody else only asks (§2, §6).
    let vouched = way.hint_is_for.as_deref() == Some(session.stored.sid.as_str());
    if !confirmed && !vouched {
        return Ok(ask(server, &session, parameters, &way));
    }
    let cookie = sessions::end(server, &session).await?;
    let client_id = way.client.as_ref().map(|client| client.client_id.as_str()).unwrap_or_default();
    server.allowed("sign_out", client_id, &session.account.username).await;
    let mut response = farewell(way.location.as_deref());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

async fn understand(server: &AuthServer, parameters: &Parameters) -> Stored<Result<Way, &'static str>> {
    let hint = match parameters.get("id_token_hint") {
        None => None,
        Some(hint) => match id_token::subject_of_hint(server, hint) {
            Some(claims) => Some(claims),
            None => return Ok(Err("The id_token_hint is not an ID token of this server.")),
        },
    };
    let client_id = parameters.get("client_id").or(hint.as_ref().map(|claims| claims.aud.as_str()));
    if let (Some(client_id), Some(hint)) = (client_id, &hint)
        && client_id != hint.aud
    {
        return Ok(Err("The id_token_hint was made for another client."));
    }
    let client = match client_id {
        None => None,
        Some(client_id) => match server.clients.find(client_id).await? {
            Some(client) => Some(client),
            None => return Ok(Err("No application with this client_id is registered here.")),
        },
    };
    let location = match parameters.get("post_logout_redirect_uri") {
        None => None,
        Some(uri) if client.as_ref().is_some_and(|client| client.has_post_logout_redirect_uri(uri)) => {
            Some(match parameters.get("state") {
                None => uri.to_owned(),
                Some(state) => {
                    let joint = if uri.contains('?') { '&' } else { '?' };
                    let state: String = url::form_urlencoded::byte_serialize(state.as_bytes()).collect();
                    format!("{uri}{joint}state={state}")
                }
            })
        }
        Some(_) => return Ok(Err("The application did not register this post_logout_redirect_uri.")),
    };
    Ok(Ok(Way { client, hint_is_for: hint.and_then(|claims| claims.sid), location }))
}

fn bad_request(words: &str) -> Response {
    html::error(StatusCode::BAD_REQUEST, "This request cannot be answered", words, Some("invalid_request"))
}

fn ask(server: &AuthServer, session: &Session, parameters: &Parameters, way: &Way) -> Response {
    let about = parameters.get("post_logout_redirect_uri").unwrap_or_default();
    let token = form_token::make(server, Step::SignOut, &session.cookie, about);
    html::page(
        StatusCode::OK,
        "Sign out",
        &markup! {
            p {
                @if let Some(client) = &way.client { (client.client_name) " asks whether you want to sign out. " }
                "You are signed in as " strong { (session.account.username) } "."
            }
            form method="post" action="/oauth/logout" {
                (html::form_head("sign_out", &token))
                @for name in ["client_id", "post_logout_redirect_uri", "state", "id_token_hint"] {
                    @if let Some(value) = parameters.get(name) { input type="hidden" name=(name) value=(value); }
                }
                button type="submit" class="button strong" { "Sign out" }
            }
        },
    )
}

fn farewell(location: Option<&str>) -> Response {
    match location {
        Some(location) => see_other(location),
        None => html::page(
            StatusCode::OK,
            "Signed out",
            &markup! {
                p { "You are signed out of the authorization server. Applications keep the access that you gave them until you revoke it." }
                p { a href="/" { "Go to the start page" } }
            },
        ),
    }
}
