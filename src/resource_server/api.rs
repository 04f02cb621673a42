//! The door itself: every server function on its own route. What the call says it is, who calls, and what it brings are
//! looked at in this order, before the function runs; all that finds no function gets a problem document.

use super::guards::{self, Admitted, Call, Guard};
use super::{ResourceServer, explanation, jwt_issuer, metadata, operations, passwords};
use crate::checks::Trace;
use crate::wire::problem::{MEDIA_TYPE, Problem};
use crate::wire::role::Operation;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, any, get, on};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most bytes that a request's body may have.
const MAX_REQUEST: usize = 64 * 1024;

/// The routes of the resource server.
pub fn router(server: ResourceServer) -> Router {
    let server = Arc::new(server);
    let mut router = Router::new()
        .route("/.well-known/oauth-protected-resource", get(metadata::get))
        .route("/.well-known/oauth-protected-resource/api/oauth", get(metadata::get))
        .route(jwt_issuer::JWKS, get(jwt_issuer::jwks))
        .with_state(server.clone());
    for (path, method) in server_fn::axum::server_fn_paths() {
        if path == passwords::GUEST && !server.is_demo {
            continue;
        }
        let server = server.clone();
        let guarded = operations::guarded(&method, path);
        // Every function of ours names one of the standard methods.
        let Ok(filter) = MethodFilter::try_from(method) else { continue };
        router = router.route(path, on(filter, move |request| call(server.clone(), guarded, request)));
    }
    router.route("/api", any(unknown)).route("/api/{*rest}", any(unknown)).method_not_allowed_fallback(wrong_method)
}

async fn call(server: Arc<ResourceServer>, guarded: Option<(Guard, Operation)>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.method == Method::HEAD {
        parts.method = Method::GET;
    }
    let mut explanation = None;
    let mut response = match admit(&server, guarded, &parts, &mut explanation).await {
        Ok(admitted) => run(server, admitted, parts, body).await,
        Err(problem) => answer(&problem),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(explanation) = explanation {
        explanation::add(headers, explanation);
    }
    response
}

/// Looks at the head of the call: what it says of its body and of the answer it wants, and who calls.
async fn admit(
    server: &ResourceServer,
    guarded: Option<(Guard, Operation)>,
    parts: &Parts,
    explanation: &mut Option<explanation::Explanation>,
) -> Result<Option<Admitted>, Problem> {
    check_media_types(&parts.method, &parts.headers)?;
    let Some((guard, operation)) = guarded else { return Ok(None) };
    let address = guards::address(parts)?;
    let call = Call { method: &parts.method, path: parts.uri.path(), headers: &parts.headers, address };
    let is_asked = server.is_demo && crate::explanation::is_asked_for(&parts.headers);
    let mut trace = if is_asked { Trace::on() } else { Trace::off() };
    let decision = guards::admit(server, guard, operation, call, &mut trace).await;
    *explanation = explanation::of(guard, &parts.headers, trace);
    Ok(Some(Admitted { caller: decision?, operation }))
}

/// Reads the body and runs the function.
async fn run(server: Arc<ResourceServer>, admitted: Option<Admitted>, mut parts: Parts, body: Body) -> Response {
    let Ok(body) = axum::body::to_bytes(body, MAX_REQUEST).await else {
        return answer(&Problem::new(413, "the request's body is larger than 64 KB, or broke off"));
    };
    // The framework would redirect a caller who takes HTML back to where it came from; an API does not. And no cookie
    // means anything here, so that no other site can use one (CSRF).
    for name in [header::ACCEPT, header::REFERER, header::COOKIE] {
        parts.headers.remove(name);
    }
    let context = move || {
        leptos::prelude::provide_context(server.clone());
        if let Some(admitted) = admitted.clone() {
            leptos::prelude::provide_context(admitted);
        }
    };
    let request = Request::from_parts(parts, Body::from(body));
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    response.headers_mut().remove(HeaderName::from_static("serverfnerror"));
    response
}

/// A body is JSON and says so; an answer is JSON and must be welcome (RFC 9110 §15.5.7, §15.5.16).
fn check_media_types(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name| headers.get(&name).map(|value| value.to_str().unwrap_or_default().to_ascii_lowercase());
    if matches!(*method, Method::POST | Method::PUT) {
        let given = text(header::CONTENT_TYPE).unwrap_or_default();
        if given.split(';').next().map(str::trim) != Some("application/json") {
            return Err(Problem::new(415, "the body must be application/json, and Content-Type must say so"));
        }
    }
    let Some(accept) = text(header::ACCEPT) else { return Ok(()) };
    let welcome = accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default();
        let refused = parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
        !refused && matches!(media_type, "" | "*/*" | "application/*" | "application/json" | MEDIA_TYPE)
    });
    if welcome { Ok(()) } else { Err(Problem::new(406, "the answer is application/json, which Accept does not allow")) }
}

async fn unknown() -> Response {
    answer(&Problem::new(404, "there is no such operation"))
}

async fn wrong_method(request: Request) -> Response {
    let path = request.uri().path();
    let allowed: BTreeSet<String> = server_fn::axum::server_fn_paths()
        .filter(|(known, _)| *known == path)
        .map(|(_, method)| method.to_string())
        .collect();
    let allowed = allowed.into_iter().collect::<Vec<_>>().join(", ");
    let mut response = answer(&Problem::new(405, "this operation has another method; the Allow header names it"));
    if let Ok(value) = HeaderValue::try_from(allowed)
        && !value.is_empty()
    {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

/// A problem as a response, for what happens outside a server function.
pub fn answer(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let headers = [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")];
    let mut response = (status, headers, body).into_response();
    if let Some(challenge) = problem.challenge.as_ref().and_then(|text| HeaderValue::from_str(text).ok()) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::check_media_types;
    use axum::http::{HeaderMap, HeaderValue, Method, header};

    fn check(method: Method, name: header::HeaderName, value: &str) -> u16 {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
        check_media_types(&method, &headers).err().map_or(200, |problem| problem.status)
    }

    #[test]
    fn bodies_must_be_json() {
        assert_eq!(check(Method::PUT, header::CONTENT_TYPE, "application/json; charset=utf-8"), 200);
        assert_eq!(check(Method::PUT, header::CONTENT_TYPE, "text/plain"), 415);
        assert_eq!(check(Method::POST, header::CONTENT_TYPE, "application/x-www-form-urlencoded"), 415);
        assert_eq!(check(Method::GET, header::CONTENT_TYPE, "text/plain"), 200);
    }

    #[test]
    fn answers_must_be_welcome() {
        assert_eq!(check(Method::GET, header::ACCEPT, "text/html,*/*;q=0.8"), 200);
        assert_eq!(check(Method::GET, header::ACCEPT, "application/json"), 200);
        assert_eq!(check(Method::GET, header::ACCEPT, "text/html"), 406);
        assert_eq!(check(Method::GET, header::ACCEPT, "application/json;q=0"), 406);
    }
}
