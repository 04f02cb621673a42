//! `/oauth/userinfo`: claims about the account that signed in (OpenID Connect Core §5.3).

use super::tokens::access_token;
use super::{AuthServer, explanation};
use crate::checks::{Check, Trace};
use crate::dpop::{self, Expected};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

static CREDENTIALS: Check = Check::new("credentials", 6750, "2.1");
static SCOPE: Check = Check::new("scope", 6750, "3.1");
static AUDIENCE: Check = Check::new("audience", 9068, "4");

/// By `GET`.
pub(super) async fn get(State(server): State<Arc<AuthServer>>, headers: HeaderMap) -> Response {
    answer(&server, &headers, &Method::GET).await
}

/// By `POST` (OpenID Connect Core §5.3.1).
pub(super) async fn post(State(server): State<Arc<AuthServer>>, headers: HeaderMap) -> Response {
    answer(&server, &headers, &Method::POST).await
}

/// A refusal of RFC 6750 §3.1.
struct Denied {
    status: StatusCode,
    scheme: &'static str,
    error: Option<(&'static str, String)>,
}

async fn answer(server: &AuthServer, headers: &HeaderMap, method: &Method) -> Response {
    let mut trace = explanation::trace();
    let shown = trace.check(&CREDENTIALS, || shown(headers));
    let with_proof = shown.as_ref().is_ok_and(|shown| shown.with_proof);
    let claims = match shown {
        Ok(shown) => claims(server, headers, method, shown, &mut trace).await,
        Err(denied) => Err(denied),
    };
    explanation::traced(trace, checks(with_proof));
    match claims {
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

/// What is checked, in its order.
fn checks(with_proof: bool) -> impl Iterator<Item = &'static Check> {
    let binding = if with_proof { &dpop::CHECKS[..] } else { &dpop::CHECKS[..1] };
    std::iter::once(&CREDENTIALS)
        .chain(access_token::checks())
        .chain(binding.iter().copied())
        .chain([&SCOPE, &AUDIENCE])
}

/// The token that came, and by which scheme.
struct Shown<'a> {
    token: &'a str,
    with_proof: bool,
}

impl Shown<'_> {
    fn scheme(&self) -> &'static str {
        if self.with_proof { "DPoP" } else { "Bearer" }
    }
}

fn denied(status: StatusCode, scheme: &'static str, code: &'static str, description: &str) -> Denied {
    Denied { status, scheme, error: Some((code, description.to_owned())) }
}

fn shown(headers: &HeaderMap) -> Result<Shown<'_>, Denied> {
    let nothing = Denied { status: StatusCode::UNAUTHORIZED, scheme: "Bearer", error: None };
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else { return Err(nothing) };
    if given.next().is_some() {
        return Err(denied(StatusCode::BAD_REQUEST, "Bearer", "invalid_request", "more than one Authorization header"));
    }
    let Some((scheme, token)) = value.to_str().ok().and_then(|text| text.split_once(' ')) else { return Err(nothing) };
    let with_proof = scheme.eq_ignore_ascii_case("dpop");
    if with_proof || scheme.eq_ignore_ascii_case("bearer") {
        Ok(Shown { token: token.trim(), with_proof })
    } else {
        Err(nothing)
    }
}

async fn claims(
    server: &AuthServer,
    headers: &HeaderMap,
    method: &Method,
    shown: Shown<'_>,
    trace: &mut Trace,
) -> Result<Value, Denied> {
    let bad = |scheme, description: &str| denied(StatusCode::UNAUTHORIZED, scheme, "invalid_token", description);
    let (token, scheme) = (shown.token, shown.scheme());
    let verified = access_token::living(server, token, trace).await;
    let verified = verified.map_err(|refused| bad(scheme, refused.detail))?;
    let claims = &verified.claims;
    let url = access_token::userinfo(server);
    let now = server.clock.now();
    let expected = Expected { method: method.as_str(), url: &url, access_token: Some(token), now };
    dpop::check_binding(server.storage.as_ref(), headers, shown.with_proof, claims.cnf.as_ref(), expected, trace)
        .await
        .map_err(|refused| bad(if claims.cnf.is_some() { "DPoP" } else { "Bearer" }, refused.detail))?;
    trace.check(&SCOPE, || {
        let covered = claims.scope.contains("openid");
        let words = "the scope openid is needed";
        if covered { Ok(()) } else { Err(denied(StatusCode::FORBIDDEN, scheme, "insufficient_scope", words)) }
    })?;
    trace.check(&AUDIENCE, || {
        let is_ours = claims.aud.contains(&url);
        if is_ours { Ok(()) } else { Err(bad(scheme, "the token is not meant for this endpoint")) }
    })?;
    let mut answer = json!({ "sub": claims.sub });
    if claims.scope.contains("profile")
        && let (Some(members), Some(username)) = (answer.as_object_mut(), &claims.preferred_username)
    {
        members.insert("preferred_username".to_owned(), json!(username));
    }
    Ok(answer)
}
