//! The pages that people see at the authorization server: server-rendered, no script at all, never framed.

use super::endpoints::APPLICATIONS;
use crate::wire::scope::Scope;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// A page with its status.
pub(super) fn page(status: StatusCode, title: &str, content: &Markup) -> Response {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Three Keys" }
                link rel="stylesheet" href="/pkg/three-keys.css";
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
            }
            body class="auth key-oauth" {
                main class="auth-card" {
                    p class="auth-house" { "Three Keys " span { "Authorization server" } }
                    h1 { (title) }
                    (content)
                }
            }
        }
    };
    (status, Html(document.into_string())).into_response()
}

/// A page that says why nothing goes on, when there is nowhere to send the person (RFC 6749 §4.1.2.1).
pub(super) fn error(status: StatusCode, title: &str, words: &str, code: Option<&str>) -> Response {
    page(
        status,
        title,
        &html! {
            p role="alert" class="auth-alert" { (words) }
            @if let Some(code) = code { p class="auth-note" { "Error code: " code { (code) } } }
            p { a href="/" { "Go to the start page" } }
        },
    )
}

/// A page for a failure of our own.
pub(super) fn failure() -> Response {
    error(
        StatusCode::INTERNAL_SERVER_ERROR,
        "This did not work",
        "The server could not reach its storage. Try again in a moment.",
        Some("server_error"),
    )
}

/// The headers that every page of these needs: it can't be framed (RFC 9700 §4.16), runs nothing, leaks no URL.
///
/// There is no `form-action`: browsers apply it to the redirect that follows a form, which goes to the client, and
/// from there wherever the client likes.
pub(super) async fn protect(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'",
        ),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What the sign-in form shows.
#[derive(Debug, Default)]
pub(super) struct SignIn<'a> {
    /// Who asks, in words.
    pub(super) purpose: String,
    /// The name to fill in.
    pub(super) username: &'a str,
    /// What went wrong before.
    pub(super) alert: Option<String>,
    /// The form's token.
    pub(super) token: String,
    /// Hidden fields to send back, such as a device's code.
    pub(super) hidden: Vec<(&'a str, String)>,
}

/// The sign-in page. Its form goes back to the URL that showed it.
pub(super) fn sign_in(status: StatusCode, show: &SignIn<'_>) -> Response {
    page(
        status,
        "Sign in",
        &html! {
            p { (show.purpose) }
            @if let Some(alert) = &show.alert { p role="alert" class="auth-alert" { (alert) } }
            form method="post" {
                input type="hidden" name="step" value="sign_in";
                input type="hidden" name="form_token" value=(show.token);
                @for (name, value) in &show.hidden { input type="hidden" name=(name) value=(value); }
                div class="field" {
                    label for="username" { "Account" }
                    input id="username" name="username" type="text" value=(show.username) required maxlength="128"
                        autocomplete="username" autocapitalize="none" spellcheck="false";
                }
                div class="field" {
                    label for="password" { "Password" }
                    input id="password" name="password" type="password" required maxlength="1024"
                        autocomplete="current-password";
                }
                button type="submit" class="button strong" { "Sign in" }
            }
        },
    )
}

/// A scope token in words for people.
pub(super) fn scope_in_words(token: &str) -> &str {
    match token {
        "openid" => "know that it is you",
        "profile" => "see your account name and role",
        "offline_access" => "keep this access while you are away, until you revoke it",
        "pages:read" => "read the wiki's pages",
        "pages:write" => "change the wiki's pages, as far as your role allows",
        "audit:read" => "read the audit log, if your role allows",
        other => other,
    }
}

/// The hidden marker and token that open every form of ours.
pub(super) fn form_head(step: &str, token: &str) -> Markup {
    html! {
        input type="hidden" name="step" value=(step);
        input type="hidden" name="form_token" value=(token);
    }
}

/// The part of a form in which a person decides: a box for each scope, all ticked, and the two buttons. A scope that is
/// not in `remembered` is marked as new where anything was allowed before.
pub(super) fn decision(client_name: &str, scope: &Scope, remembered: &Scope) -> Markup {
    html! {
        fieldset {
            legend { (client_name) " wants to" }
            @for one in scope.iter() {
                @let id = format!("scope-{one}");
                div class="auth-scope" {
                    input id=(id) type="checkbox" name="scope" value=(one) checked;
                    label for=(id) {
                        (scope_in_words(one)) " " code { (one) }
                        @if !remembered.is_empty() && !remembered.contains(one) { " (new)" }
                    }
                }
            }
        }
        p class="auth-note" {
            "Untick what it should not do. You can take all of it back at any time under "
            a href=(APPLICATIONS) { "Applications" } "."
        }
        div class="actions" {
            button type="submit" name="decision" value="allow" class="button strong" { "Allow" }
            button type="submit" name="decision" value="deny" class="button" { "Deny" }
        }
    }
}

/// Where a person goes with a browser that lost its cookies, or came from elsewhere.
pub(super) fn stale_form() -> Response {
    error(
        StatusCode::FORBIDDEN,
        "This form is out of date",
        "The form did not come from this browser's own page, or its cookie is gone. Go back to the application and start again.",
        None,
    )
}
