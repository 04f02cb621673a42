//! `/oauth/userinfo`: claims about the account that signed in (OpenID Connect Core §5.3).

use super::AuthServer;
use super::tokens::access_token;
use crate::checks::Trace;
use crate::dpop::{self, Expected};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// By `GET`.
pub(super) async fn get(State(server): State<AuthServer>, headers: HeaderMap) -> Response {
    answer(&server, &headers, &Method::GET).await
}

/// By `POST` (OpenID Connect Core §5.3.1).
pub(super) async fn post(State(server): State<AuthServer>, headers: HeaderMap) -> Response {
    answer(&server, &headers, &Method::POST).await
}

/// A refusal of RFC 6750 §3.1.
struct Denied {
    status: StatusCode,
    scheme: &'static str,
    error: Option<(&'static str, String)>,
}

async fn answer(server: &AuthServer, headers: &HeaderMap, method: &Method) -> Response {
    match claims(server, headers, method).await {
        Ok(claims) => ([(header::CACHE_CONTROL, "no-store")], Json(claims)).into_response(),
        Err(Denied { status, scheme, error }) => {
            let mut challenge = format!(r#"{scheme} realm="Three Keys userinfo""#);
            if let Some((code, description)) = error {
                challenge.push_str(&format!(r#", error="{code}", error_description="{description}""#));
            }
            if status == StatusCode::FORBIDDEN {
                challenge.push_str(r#", scope="openid""#);
            }
            let mut response = status.into_response();
            if let Ok(value) = HeaderValue::try_from(challenge) {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
            }
            response
        }
    }
}

async fn claims(server: &AuthServer, headers: &HeaderMap, method: &Method) -> Result<Value, Denied> {
    let denied = |status, scheme, code, description: &str| Denied {
        status,
        scheme,
        error: Some((code, description.to_owned())),
    };
    let bad = |scheme, description: &str| denied(StatusCode::UNAUTHORIZED, scheme, "invalid_token", description);
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let nothing = Denied { status: StatusCode::UNAUTHORIZED, scheme: "Bearer", error: None };
    let Some(value) = given.next() else { return Err(nothing) };
    if given.next().is_some() {
        return Err(denied(StatusCode::BAD_REQUEST, "Bearer", "invalid_request", "more than one Authorization header"));
    }
    let Some((scheme, token)) = value.to_str().ok().and_then(|text| text.split_once(' ')) else { return Err(nothing) };
    let dpop = scheme.eq_ignore_ascii_case("dpop");
    if !dpop && !scheme.eq_ignore_ascii_case("bearer") {
        return Err(nothing);
    }
    let scheme = if dpop { "DPoP" } else { "Bearer" };
    let claims = access_token::living(server, token.trim()).map_err(|refused| bad(scheme, refused.detail))?;
    let url = access_token::userinfo(server);
    let now = server.clock.now();
    let expected = Expected { method: method.as_str(), url: &url, access_token: Some(token.trim()), now };
    dpop::check_binding(server.storage.as_ref(), headers, dpop, claims.cnf.as_ref(), expected, &mut Trace::off())
        .await
        .map_err(|refused| bad(if claims.cnf.is_some() { "DPoP" } else { "Bearer" }, refused.detail))?;
    if !claims.scope.contains("openid") {
        return Err(denied(StatusCode::FORBIDDEN, scheme, "insufficient_scope", "the scope openid is needed"));
    }
    if !claims.aud.contains(&access_token::userinfo(server)) {
        return Err(bad(scheme, "the token is not meant for this endpoint"));
    }
    let mut answer = json!({ "sub": claims.sub });
    if claims.scope.contains("profile")
        && let (Some(members), Some(username)) = (answer.as_object_mut(), claims.preferred_username)
    {
        members.insert("preferred_username".to_owned(), json!(username));
    }
    Ok(answer)
}
