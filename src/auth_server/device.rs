//! `/oauth/device`: the person types the device's code, signs in and decides (RFC 8628 §3.3).

use super::AuthServer;
use super::authorize::see_other;
use super::clients::Client;
use super::cross_site::read_form;
use super::device_authorization::{DeviceDocument, user_code_hash};
use super::form_token::{self, Step};
use super::html;
use super::parameters::Parameters;
use super::sessions::{self, Session};
use super::sign_in::{self, Attempt};
use super::throttle::Throttled;
use crate::storage::device_codes::{DeviceCode, DeviceState};
use crate::storage::grants::Grant;
use crate::storage::{StorageError, Stored};
use crate::wire::scope::Scope;
use axum::extract::{ConnectInfo, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use maud::html as markup;
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::Arc;

/// The code in `verification_uri_complete`.
#[derive(Debug, Deserialize)]
pub(super) struct Complete {
    user_code: Option<String>,
}

/// Asks for the code, or for the sign-in before it.
pub(super) async fn get(
    State(server): State<Arc<AuthServer>>,
    headers: HeaderMap,
    complete: Result<Query<Complete>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let user_code = complete.ok().and_then(|Query(complete)| complete.user_code).unwrap_or_default();
    match sessions::current(&server, &headers).await {
        Ok(Some(session)) => code_page(&server, &session, &user_code, None),
        Ok(None) => sign_in::show(&server, &headers, StatusCode::OK, "device", sign_in_form(&user_code)),
        Err(error) => failed(error),
    }
}

/// Takes the code, the sign-in or the decision.
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
    take(&server, from, &headers, &form).await.unwrap_or_else(failed)
}

fn failed(error: StorageError) -> Response {
    tracing::error!(%error, "the device page failed");
    html::failure()
}

fn sign_in_form(user_code: &str) -> html::SignIn<'_> {
    html::SignIn {
        purpose: "Sign in to connect a device.".to_owned(),
        hidden: vec![("user_code", user_code.to_owned())],
        ..html::SignIn::default()
    }
}

async fn take(server: &AuthServer, from: SocketAddr, headers: &HeaderMap, form: &Parameters) -> Stored<Response> {
    let user_code = form.get("user_code").unwrap_or_default();
    if form.get("step") == Some("sign_in") {
        let again = sign_in_form(user_code);
        return Ok(match sign_in::attempt(server, headers, from.ip(), "device", form, again).await? {
            Attempt::Refused(response) => response,
            Attempt::SignedIn(_, cookie) => {
                let code: String = url::form_urlencoded::byte_serialize(user_code.as_bytes()).collect();
                let mut response = see_other(&format!("/oauth/device?user_code={code}"));
                response.headers_mut().append(header::SET_COOKIE, cookie);
                response
            }
        });
    }
    let Some(session) = sessions::current(server, headers).await? else { return Ok(html::stale_form()) };
    let about = if form.has("decision") { user_code } else { "" };
    if !form_token::verify(server, Step::Device, &session.cookie, about, form.get("form_token")) {
        return Ok(html::stale_form());
    }
    // A code has few letters, so guessing is throttled like passwords are (RFC 8628 §5.1).
    let now = server.clock.now();
    let attempt = match server.device_codes.attempt("", from.ip(), now) {
        Ok(attempt) => attempt,
        Err(Throttled { seconds, .. }) => {
            let words = format!("Too many wrong codes. Wait {seconds} seconds and try again.");
            return Ok(code_page(server, &session, "", Some((StatusCode::TOO_MANY_REQUESTS, &words))));
        }
    };
    let found = server.storage.device_code_by_user_code(&user_code_hash(user_code)).await?;
    let Some(code) = found.filter(|code| code.state == DeviceState::Pending && now < code.expires_at) else {
        drop(attempt);
        let words = "This code is not known, or has expired. Look at the device again.";
        return Ok(code_page(server, &session, "", Some((StatusCode::BAD_REQUEST, words))));
    };
    attempt.withdrawn();
    let Some(client) = server.clients.find(&code.client_id).await? else {
        return Ok(html::stale_form());
    };
    let document: DeviceDocument = serde_json::from_str(&code.document)?;
    match form.get("decision") {
        None => Ok(decision_page(server, &session, &client, user_code, &document.scope)),
        Some("allow") => {
            let ticked: Scope = form.all("scope").collect::<Vec<_>>().join(" ").parse().unwrap_or_default();
            let granted = ticked.intersection(&document.scope);
            if granted.is_empty() {
                return deny(server, &session, &client, &code).await;
            }
            approve(server, &session, &client, &code, &granted).await
        }
        Some(_) => deny(server, &session, &client, &code).await,
    }
}

fn code_page(server: &AuthServer, session: &Session, user_code: &str, alert: Option<(StatusCode, &str)>) -> Response {
    let token = form_token::make(server, Step::Device, &session.cookie, "");
    html::page(
        alert.map_or(StatusCode::OK, |(status, _)| status),
        "Connect a device",
        &markup! {
            p { "You are signed in as " strong { (session.account.username) } ". Type the code that the device shows." }
            @if let Some((_, words)) = alert { p role="alert" class="auth-alert" { (words) } }
            form method="post" action="/oauth/device" {
                (html::form_head("code", &token))
                div class="field" {
                    label for="user_code" { "Code" }
                    input id="user_code" name="user_code" type="text" value=(user_code) required maxlength="32"
                        autocomplete="off" autocapitalize="characters" spellcheck="false";
                }
                button type="submit" class="button strong" { "Continue" }
            }
        },
    )
}

fn decision_page(server: &AuthServer, session: &Session, client: &Client, user_code: &str, scope: &Scope) -> Response {
    let token = form_token::make(server, Step::Device, &session.cookie, user_code);
    html::page(
        StatusCode::OK,
        &format!("{} asks for access", client.client_name),
        &markup! {
            p {
                "You are signed in as " strong { (session.account.username) } ". Go on only if the device in front of you shows "
                strong { (user_code) } "."
            }
            form method="post" action="/oauth/device" {
                (html::form_head("decide", &token))
                input type="hidden" name="user_code" value=(user_code);
                (html::decision(&client.client_name, scope, &Scope::default()))
            }
        },
    )
}

async fn approve(
    server: &AuthServer,
    session: &Session,
    client: &Client,
    code: &DeviceCode,
    scope: &Scope,
) -> Stored<Response> {
    let now = server.clock.now();
    let grant = Grant {
        id: server.random.identifier(),
        account_id: session.account.id.clone(),
        client_id: client.client_id.clone(),
        scope: scope.to_string(),
        created_at: now,
        last_used_at: now,
        expires_at: code.expires_at + client.access_token_lifetime,
        revoked_at: None,
    };
    let grant_id = grant.id.clone();
    server.storage.add_grant(grant, None).await?;
    if !server.storage.decide_device_code(&code.code_hash, DeviceState::Approved, Some(&grant_id)).await? {
        return Ok(html::stale_form());
    }
    server.allowed("device", &client.client_id, &session.account.username).await;
    Ok(done("The device is connected", "It goes on by itself in a few seconds. You can close this page."))
}

async fn deny(server: &AuthServer, session: &Session, client: &Client, code: &DeviceCode) -> Stored<Response> {
    server.storage.decide_device_code(&code.code_hash, DeviceState::Denied, None).await?;
    server.allowed("deny", &client.client_id, &session.account.username).await;
    Ok(done("The device was refused", "It gets no access. You can close this page."))
}

fn done(title: &str, words: &str) -> Response {
    html::page(StatusCode::OK, title, &markup! { p { (words) } })
}
