//! `/oauth/authorize`: a person signs in and decides what a client may do (RFC 6749 §4.1.1–4.1.2, OpenID Connect Core
//! §3.1.2). No CORS here, and only 303 redirects (RFC 9700 §2.6, §4.12).

use super::AuthServer;
use super::clients::Client;
use super::cross_site::read_form;
use super::error::{ErrorCode, Refusal};
use super::form_token::{self, Step};
use super::html;
use super::par;
use super::parameters::Parameters;
use super::rules::subjects::{Asked, CodeDocument};
use super::rules::{AUTHORIZATION, BEFORE_REDIRECTING, decide};
use super::sessions::{self, Session};
use super::sign_in::{self, Attempt};
use super::tokens::{DEFAULT_SCOPE, id_token};
use crate::jose::sha256;
use crate::storage::grants::{Grant, NewCode};
use crate::storage::{StorageError, Stored};
use crate::wire::scope::Scope;
use axum::extract::{ConnectInfo, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html as markup;
use std::net::SocketAddr;
use std::sync::Arc;

/// How long a code lives, in seconds (RFC 6749 §4.1.2 allows ten minutes; OAuth 2.1 wants it short).
pub(super) const CODE_LIFETIME: i64 = 60;

/// An authorization request that passed every rule.
struct Authorization {
    client: Arc<Client>,
    redirect_uri: String,
    scope: Scope,
    parameters: Parameters,
    /// The hash of the pushed request it came from.
    pushed: Option<Vec<u8>>,
    /// The query as it came: what the forms are bound to.
    query: String,
}

impl Authorization {
    fn prompts(&self, value: &str) -> bool {
        self.parameters.get("prompt").is_some_and(|prompt| prompt.split(' ').any(|one| one == value))
    }

    fn max_age(&self) -> Option<i64> {
        self.parameters.get("max_age").and_then(|seconds| seconds.parse().ok())
    }
}

/// Shows what comes next: the sign-in page, the consent page, or the way back to the client.
pub(super) async fn get(
    State(server): State<Arc<AuthServer>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let authorization = match understand(&server, query.unwrap_or_default()).await {
        Ok(authorization) => authorization,
        Err(response) => return response,
    };
    let answered = async {
        let session = sessions::current(&server, &headers).await?;
        go_on(&server, &headers, &authorization, session.as_ref(), false).await
    };
    answered.await.unwrap_or_else(failed)
}

/// Takes a filled-in form; or an authorization request that came by `POST` (OpenID Connect Core §3.1.2.1).
pub(super) async fn post(
    State(server): State<Arc<AuthServer>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response {
    let form = match read_form(&server, request).await {
        Ok(form) => form,
        Err(response) => return response,
    };
    let query = query.unwrap_or_default();
    if query.is_empty() && !form.has("step") {
        let again = format!("/oauth/authorize?{}", form.to_query_without(&[]));
        return see_other(&again);
    }
    let authorization = match understand(&server, query).await {
        Ok(authorization) => authorization,
        Err(response) => return response,
    };
    let answered = async {
        match form.get("step") {
            Some("sign_in") => {
                let show_again = sign_in_form(&authorization);
                let about = &authorization.query;
                match sign_in::attempt(&server, &headers, from.ip(), about, &form, show_again).await? {
                    Attempt::Refused(response) => Ok(response),
                    Attempt::SignedIn(session, cookie) => {
                        let mut response = go_on(&server, &headers, &authorization, Some(&session), true).await?;
                        response.headers_mut().append(header::SET_COOKIE, cookie);
                        Ok(response)
                    }
                }
            }
            Some("consent") => match sessions::current(&server, &headers).await? {
                Some(session) => decided(&server, &authorization, &session, &form).await,
                None => Ok(html::stale_form()),
            },
            _ => Ok(html::stale_form()),
        }
    };
    answered.await.unwrap_or_else(failed)
}

fn failed(error: StorageError) -> Response {
    tracing::error!(%error, "the authorization endpoint failed");
    html::failure()
}

/// Reads the request and asks the rules; a refusal is the response to send.
async fn understand(server: &AuthServer, query: String) -> Result<Authorization, Response> {
    let parameters = Parameters::parse(query.as_bytes());
    let nowhere = |words: &str| {
        html::error(StatusCode::BAD_REQUEST, "This request cannot be answered", words, Some("invalid_request"))
    };
    let Some(client_id) = parameters.get("client_id").map(str::to_owned) else {
        return Err(nowhere("The application did not say who it is: client_id is missing."));
    };
    let found = server.clients.find(&client_id).await.map_err(failed)?;
    let Some(client) = found else {
        return Err(nowhere("No application with this client_id is registered here."));
    };
    let (parameters, pushed) = match parameters.get("request_uri") {
        None => (parameters, None),
        Some(uri) => match par::find(server, uri, &client_id).await {
            Ok((pushed, hash)) => (pushed, Some(hash)),
            Err(refusal) => {
                server.refused("authorize", &client_id, &refusal).await;
                return Err(html::error(
                    StatusCode::BAD_REQUEST,
                    "This request cannot be answered",
                    &refusal.description,
                    Some(refusal.code.as_str()),
                ));
            }
        },
    };
    let asked = Asked { parameters, client, pushed: pushed.is_some(), resources: server.resources() };
    if let Err(refusal) = decide(BEFORE_REDIRECTING, &asked) {
        server.refused("authorize", &client_id, &refusal).await;
        return Err(nowhere(&refusal.description));
    }
    let verdict = decide(AUTHORIZATION, &asked);
    let Asked { parameters, client, .. } = asked;
    let redirect_uri = parameters.get("redirect_uri").unwrap_or_default().to_owned();
    if let Err(refusal) = verdict {
        server.refused("authorize", &client_id, &refusal).await;
        return Err(back_with_error(server, &redirect_uri, parameters.get("state"), &refusal));
    }
    // The rules have parsed it already; a scope that was left out is the least that is of use.
    let scope = match parameters.get("scope").and_then(|text| text.parse::<Scope>().ok()) {
        Some(scope) => scope,
        None => DEFAULT_SCOPE.parse::<Scope>().unwrap_or_default().intersection(&client.scope),
    };
    Ok(Authorization { client, redirect_uri, scope, parameters, pushed, query })
}

/// Decides what the person must still do. `fresh` says that the password was shown for this very request.
async fn go_on(
    server: &AuthServer,
    headers: &HeaderMap,
    authorization: &Authorization,
    session: Option<&Session>,
    fresh: bool,
) -> Stored<Response> {
    let silent = authorization.prompts("none");
    let refuse = |code, rule, words: &'static str| {
        let refusal = Refusal::new(code, rule, words);
        back_with_error(server, &authorization.redirect_uri, authorization.parameters.get("state"), &refusal)
    };
    let Some(session) = session.filter(|session| fresh || is_enough(server, authorization, session)) else {
        if silent {
            let words = "nobody is signed in, and prompt=none forbids asking";
            return Ok(refuse(ErrorCode::LoginRequired, "check_session", words));
        }
        let form = sign_in_form(authorization);
        return Ok(sign_in::show(server, headers, StatusCode::OK, &authorization.query, form));
    };
    let remembered = remembered_consent(server, authorization, session).await?;
    let covered = authorization.scope.is_within(&remembered);
    if covered && !authorization.prompts("consent") && !authorization.client.always_asks_consent {
        return issue_code(server, authorization, session, &authorization.scope).await;
    }
    if silent {
        let words = "the account must decide, and prompt=none forbids asking";
        return Ok(refuse(ErrorCode::ConsentRequired, "check_consent", words));
    }
    Ok(consent_page(server, authorization, session, &remembered))
}

/// Whether the session answers what the request demands of the sign-in (OpenID Connect Core §3.1.2.1).
fn is_enough(server: &AuthServer, authorization: &Authorization, session: &Session) -> bool {
    if authorization.prompts("login") || authorization.prompts("select_account") {
        return false;
    }
    let age = server.clock.now() - session.stored.auth_time;
    if authorization.max_age().is_some_and(|max_age| age > max_age) {
        return false;
    }
    match authorization.parameters.get("id_token_hint") {
        None => true,
        Some(hint) => id_token::subject_of_hint(server, hint).is_some_and(|claims| claims.sub == session.account.id),
    }
}

async fn remembered_consent(server: &AuthServer, authorization: &Authorization, session: &Session) -> Stored<Scope> {
    let remembered = server.storage.consent(&session.account.id, &authorization.client.client_id).await?;
    Ok(remembered.and_then(|text| text.parse().ok()).unwrap_or_default())
}

fn sign_in_form(authorization: &Authorization) -> html::SignIn<'_> {
    html::SignIn {
        purpose: format!("{} asks you to sign in. It will not see your password.", authorization.client.client_name),
        username: authorization.parameters.get("login_hint").unwrap_or_default(),
        ..html::SignIn::default()
    }
}

fn consent_page(server: &AuthServer, authorization: &Authorization, session: &Session, remembered: &Scope) -> Response {
    let token = form_token::make(server, Step::Consent, &session.cookie, &authorization.query);
    let client = &authorization.client;
    let other_account =
        format!("/oauth/authorize?{}&prompt=login", authorization.parameters.to_query_without(&["prompt"]));
    html::page(
        StatusCode::OK,
        &format!("{} asks for access", client.client_name),
        &markup! {
            p {
                "You are signed in as " strong { (session.account.username) } ". "
                @if authorization.pushed.is_none() { a href=(other_account) { "Use another account" } }
            }
            @if client.always_asks_consent {
                p class="auth-note" { "This is an application of somebody else's. It is asked about every time." }
            }
            form method="post" {
                (html::form_head("consent", &token))
                (html::decision(&client.client_name, &authorization.scope, remembered))
            }
        },
    )
}

/// The person has decided.
async fn decided(
    server: &AuthServer,
    authorization: &Authorization,
    session: &Session,
    form: &Parameters,
) -> Stored<Response> {
    let token = form.get("form_token");
    if !form_token::verify(server, Step::Consent, &session.cookie, &authorization.query, token) {
        return Ok(html::stale_form());
    }
    let deny = || {
        let refusal = Refusal::new(ErrorCode::AccessDenied, "check_consent", "the account did not allow it");
        back_with_error(server, &authorization.redirect_uri, authorization.parameters.get("state"), &refusal)
    };
    if form.get("decision") != Some("allow") {
        server.allowed("deny", &authorization.client.client_id, &session.account.username).await;
        return Ok(deny());
    }
    let ticked: Scope = form.all("scope").collect::<Vec<_>>().join(" ").parse().unwrap_or_default();
    let granted = ticked.intersection(&authorization.scope);
    if granted.is_empty() {
        server.allowed("deny", &authorization.client.client_id, &session.account.username).await;
        return Ok(deny());
    }
    let remembered = remembered_consent(server, authorization, session).await?.union(&granted).to_string();
    let client_id = &authorization.client.client_id;
    server.storage.put_consent(&session.account.id, client_id, &remembered, server.clock.now()).await?;
    issue_code(server, authorization, session, &granted).await
}

/// Makes a code and sends it back (RFC 6749 §4.1.2).
async fn issue_code(
    server: &AuthServer,
    authorization: &Authorization,
    session: &Session,
    scope: &Scope,
) -> Stored<Response> {
    let now = server.clock.now();
    let state = authorization.parameters.get("state");
    if let Some(hash) = &authorization.pushed
        && !server.storage.use_pushed_request(hash, now).await?
    {
        let refusal =
            Refusal::new(ErrorCode::InvalidRequestUri, "check_pushed_once", "the pushed request was used already");
        return Ok(back_with_error(server, &authorization.redirect_uri, state, &refusal));
    }
    let client_id = authorization.client.client_id.clone();
    let parameter = |name: &str| authorization.parameters.get(name).map(str::to_owned);
    let code = server.random.token();
    let document = CodeDocument {
        client_id: client_id.clone(),
        account_id: session.account.id.clone(),
        redirect_uri: authorization.redirect_uri.clone(),
        scope: scope.clone(),
        code_challenge: parameter("code_challenge"),
        nonce: parameter("nonce"),
        resource: parameter("resource"),
        auth_time: session.stored.auth_time,
        sid: Some(session.stored.sid.clone()),
        dpop_jkt: parameter("dpop_jkt"),
    };
    let grant = Grant {
        id: server.random.identifier(),
        account_id: session.account.id.clone(),
        client_id: client_id.clone(),
        scope: scope.to_string(),
        created_at: now,
        last_used_at: now,
        // Until a refresh token prolongs it, the grant lives as long as its code and one access token.
        expires_at: now + CODE_LIFETIME + authorization.client.access_token_lifetime,
        revoked_at: None,
    };
    let document = serde_json::to_string(&document)?;
    let new_code = NewCode { code_hash: sha256(&code), document, expires_at: now + CODE_LIFETIME };
    server.storage.add_grant(grant, Some(new_code)).await?;
    server.allowed("authorize", &client_id, &session.account.username).await;
    Ok(back(server, &authorization.redirect_uri, state, &[("code", &code)]))
}

fn back_with_error(server: &AuthServer, redirect_uri: &str, state: Option<&str>, refusal: &Refusal) -> Response {
    let members = [("error", refusal.code.as_str()), ("error_description", refusal.description.as_ref())];
    back(server, redirect_uri, state, &members)
}

/// The answer in the query of the redirect URI, whose own query stays (RFC 6749 §3.1.2), always with `iss` (RFC 9207).
fn back(server: &AuthServer, redirect_uri: &str, state: Option<&str>, members: &[(&str, &str)]) -> Response {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(members);
    if let Some(state) = state {
        query.append_pair("state", state);
    }
    query.append_pair("iss", &server.issuer);
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    see_other(&format!("{redirect_uri}{joint}{}", query.finish()))
}

/// Always 303: a 307 would make the browser send the password on to the client (RFC 9700 §4.12).
pub(super) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => {
            html::error(StatusCode::BAD_REQUEST, "This request cannot be answered", "The address is not usable.", None)
        }
    }
}
