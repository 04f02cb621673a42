//! `POST /oauth/register`: a developer's client registers itself (RFC 7591). Open only in demo mode or when
//! configured; only safe metadata is taken, and not too often.

use super::AuthServer;
use super::clients::{Client, ClientAuthentication, DEVICE_CODE};
use super::error::{ErrorCode, Refusal};
use super::explanation;
use super::redirect_uri::RedirectUri;
use super::throttle::Throttled;
use crate::checks::Check;
use crate::jose::SigningAlgorithm;
use crate::wire::role::Role;
use crate::wire::scope::Scope;
use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;

/// The largest registration, in bytes.
const MAX_DOCUMENT: usize = 32 * 1024;
/// The scope that anybody's client may ask for.
const SCOPE: &str = "openid profile offline_access pages:read pages:write";

/// Whether anybody may register at all.
static OPEN: Check = Check::new("check_open", 7591, "3");
/// Not too often from one address.
static THROTTLE: Check = Check::new("throttle", 6585, "4");
/// The metadata can be taken.
static METADATA: Check = Check::new("check_metadata", 7591, "2");

/// The metadata that is taken (RFC 7591 §2). Other members are ignored, as the RFC says.
#[derive(Debug, Deserialize)]
struct Metadata {
    #[serde(default)]
    redirect_uris: Vec<String>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    client_name: Option<String>,
    token_endpoint_auth_method: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
    scope: Option<String>,
    application_type: Option<String>,
    jwks: Option<JwkSet>,
    jwks_uri: Option<Value>,
    software_statement: Option<Value>,
    id_token_signed_response_alg: Option<SigningAlgorithm>,
    #[serde(default)]
    dpop_bound_access_tokens: bool,
    #[serde(default)]
    require_pushed_authorization_requests: bool,
}

/// Registers a client.
pub(super) async fn post(
    State(server): State<Arc<AuthServer>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    let Ok(body) = axum::body::to_bytes(request.into_body(), MAX_DOCUMENT).await else {
        let mut refusal = invalid("the body is larger than 32 KB").into_response();
        *refusal.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return refusal;
    };
    match register(&server, from, &headers, &body).await {
        Ok((client_id, answer)) => {
            server.allowed("register", &client_id, "").await;
            (StatusCode::CREATED, [(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
        }
        Err(refusal) => {
            server.refused("register", "", &refusal).await;
            refusal.into_response()
        }
    }
}

fn invalid(words: impl Into<std::borrow::Cow<'static, str>>) -> Refusal {
    Refusal::new(ErrorCode::InvalidClientMetadata, METADATA.name, words)
}

async fn register(
    server: &AuthServer,
    from: SocketAddr,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(String, Value), Refusal> {
    if !server.open_registration {
        return Err(Refusal::new(ErrorCode::AccessDenied, OPEN.name, "registration is closed here"));
    }
    explanation::passed(&OPEN);
    let now = server.clock.now();
    // Counted like failures are, because it is never said to be none: a few are free, then the delay doubles.
    if let Err(Throttled { seconds, .. }) = server.registrations.attempt("", from.ip(), now) {
        let words = "too many registrations from this address; try again later";
        let refusal = Refusal::new(ErrorCode::TemporarilyUnavailable, THROTTLE.name, words);
        return Err(Refusal { retry_after: Some(seconds), ..refusal });
    }
    explanation::passed(&THROTTLE);
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"));
    if !is_json {
        return Err(invalid("the body must be application/json"));
    }
    let metadata: Metadata =
        serde_json::from_slice(body).map_err(|error| invalid(format!("the body cannot be read: {error}")))?;
    let (client, secret) = understand(server, metadata)?;
    explanation::passed(&METADATA);
    client.store(server.storage.as_ref(), now).await?;
    let answer = describe(&client, secret.as_deref(), now);
    Ok((client.client_id, answer))
}

fn uris(texts: Vec<String>) -> Result<Vec<RedirectUri>, Refusal> {
    if texts.len() > 10 {
        return Err(Refusal::new(ErrorCode::InvalidRedirectUri, "check_redirect_uris", "at most ten redirect URIs"));
    }
    texts
        .into_iter()
        .map(|text| {
            if text.len() > 1024 {
                return Err(Refusal::new(
                    ErrorCode::InvalidRedirectUri,
                    "check_redirect_uris",
                    "a redirect URI is too long",
                ));
            }
            RedirectUri::try_from(text).map_err(|unusable| {
                Refusal::new(ErrorCode::InvalidRedirectUri, "check_redirect_uris", unusable.to_string())
            })
        })
        .collect()
}

fn understand(server: &AuthServer, metadata: Metadata) -> Result<(Client, Option<String>), Refusal> {
    if metadata.software_statement.is_some() {
        return Err(invalid("software statements are not taken"));
    }
    if metadata.jwks_uri.is_some() {
        // Fetching a URL that anybody may name is a request forged by us; keys come by value.
        return Err(invalid("jwks_uri is not taken; register the keys by value in jwks"));
    }
    let name = metadata.client_name.unwrap_or_else(|| "A client without a name".to_owned());
    if name.is_empty() || name.len() > 80 || name.chars().any(char::is_control) {
        return Err(invalid("client_name is empty, longer than 80 bytes or holds control characters"));
    }
    let grant_types = metadata.grant_types.unwrap_or_else(|| vec!["authorization_code".to_owned()]);
    let known = ["authorization_code", "refresh_token", "client_credentials", DEVICE_CODE];
    if let Some(unknown) = grant_types.iter().find(|grant| !known.contains(&grant.as_str())) {
        return Err(invalid(format!("the grant type {:?} is not served", unknown.escape_debug().to_string())));
    }
    if metadata.response_types.is_some_and(|types| types.iter().any(|one| one != "code")) {
        return Err(invalid("the only response type is code"));
    }
    let redirect_uris = uris(metadata.redirect_uris)?;
    if redirect_uris.is_empty() && grant_types.iter().any(|grant| grant == "authorization_code") {
        return Err(Refusal::new(
            ErrorCode::InvalidRedirectUri,
            "check_redirect_uris",
            "the code grant needs a redirect URI",
        ));
    }
    let allowed: Scope = SCOPE.parse().unwrap_or_default();
    let scope = match metadata.scope {
        None => allowed,
        Some(text) => text
            .parse::<Scope>()
            .ok()
            .filter(|scope| scope.is_within(&allowed))
            .ok_or_else(|| invalid(format!("scope must be within: {allowed}")))?,
    };
    let (authentication, secret) = match metadata.token_endpoint_auth_method.as_deref().unwrap_or("client_secret_basic")
    {
        "none" => (ClientAuthentication::None, None),
        "client_secret_basic" | "client_secret_post" => {
            let secret = server.random.token();
            (ClientAuthentication::secret(&server.secret, &secret), Some(secret))
        }
        "private_key_jwt" => match metadata.jwks {
            Some(jwks) if (1..=10).contains(&jwks.keys.len()) => (ClientAuthentication::PrivateKeyJwt { jwks }, None),
            _ => return Err(invalid("private_key_jwt needs one to ten public keys in jwks")),
        },
        _ => return Err(invalid("token_endpoint_auth_method is not served")),
    };
    if authentication == ClientAuthentication::None && grant_types.iter().any(|grant| grant == "client_credentials") {
        return Err(invalid("client_credentials is for clients that authenticate"));
    }
    let client = Client {
        authentication,
        redirect_uris,
        post_logout_redirect_uris: uris(metadata.post_logout_redirect_uris)?,
        grant_types,
        scope,
        native: metadata.application_type.as_deref() == Some("native"),
        id_token_signed_response_alg: metadata.id_token_signed_response_alg.unwrap_or(SigningAlgorithm::RS256),
        dpop_bound_access_tokens: metadata.dpop_bound_access_tokens,
        require_pushed_authorization_requests: metadata.require_pushed_authorization_requests,
        // Nobody vouches for it: on its own behalf it may only read.
        role: Role::Viewer,
        ..Client::new(&server.random.identifier(), &name)
    };
    Ok((client, secret))
}

/// What was registered (RFC 7591 §3.2.1).
fn describe(client: &Client, secret: Option<&str>, now: i64) -> Value {
    let method = match &client.authentication {
        ClientAuthentication::None => "none",
        ClientAuthentication::Secret { .. } => "client_secret_basic",
        ClientAuthentication::PrivateKeyJwt { .. } => "private_key_jwt",
    };
    let mut answer = json!({
        "client_id": client.client_id,
        "client_id_issued_at": now,
        "client_name": client.client_name,
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "grant_types": client.grant_types,
        "response_types": if client.may_use("authorization_code") { vec!["code"] } else { vec![] },
        "scope": client.scope,
        "application_type": if client.native { "native" } else { "web" },
        "token_endpoint_auth_method": method,
        "id_token_signed_response_alg": client.id_token_signed_response_alg,
        "dpop_bound_access_tokens": client.dpop_bound_access_tokens,
        "require_pushed_authorization_requests": client.require_pushed_authorization_requests,
    });
    if let Some(members) = answer.as_object_mut() {
        if let Some(secret) = secret {
            members.insert("client_secret".to_owned(), json!(secret));
            members.insert("client_secret_expires_at".to_owned(), json!(0));
        }
        if let ClientAuthentication::PrivateKeyJwt { jwks } = &client.authentication {
            members.insert("jwks".to_owned(), json!(jwks));
        }
    }
    answer
}
