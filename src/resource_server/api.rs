//! The door itself: every server function on its own route, with content types checked before and problem documents
//! for all that finds no function.

use super::{ResourceServer, metadata};
use crate::wire::problem::{MEDIA_TYPE, Problem};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, any, get, on};
use std::collections::BTreeSet;

/// The most bytes that a request's body may have.
const MAX_REQUEST: usize = 64 * 1024;

/// The routes of the resource server.
pub fn router(server: ResourceServer) -> Router {
    let mut router = Router::new()
        .route("/.well-known/oauth-protected-resource", get(metadata::get))
        .route("/.well-known/oauth-protected-resource/api/oauth", get(metadata::get))
        .with_state(server.clone());
    for (path, method) in server_fn::axum::server_fn_paths() {
        let server = server.clone();
        // Every function of ours names one of the standard methods.
        let Ok(filter) = MethodFilter::try_from(method) else { continue };
        router = router.route(path, on(filter, move |request| call(server.clone(), request)));
    }
    router.route("/api", any(unknown)).route("/api/{*rest}", any(unknown)).method_not_allowed_fallback(wrong_method)
}

async fn call(server: ResourceServer, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Err(problem) = check_media_types(&parts.method, &parts.headers) {
        return answer(&problem);
    }
    let Ok(body) = axum::body::to_bytes(body, MAX_REQUEST).await else {
        return answer(&Problem::new(413, "the request's body is larger than 64 KB, or broke off"));
    };
    // The framework would redirect a caller who takes HTML back to where it came from; an API does not.
    parts.headers.remove(header::ACCEPT);
    parts.headers.remove(header::REFERER);
    if parts.method == Method::HEAD {
        parts.method = Method::GET;
    }
    let context = move || leptos::prelude::provide_context(server.clone());
    let request = Request::from_parts(parts, Body::from(body));
    let mut response = leptos_axum::handle_server_fns_with_context(context, request).await.into_response();
    let headers = response.headers_mut();
    headers.remove(HeaderName::from_static("serverfnerror"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
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
    (status, [(header::CONTENT_TYPE, MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], body).into_response()
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
