//! How the authorization server says no: an OAuth error code, a rule's name, and words for the developer.

use super::explanation;
use crate::storage::StorageError;
use crate::wire::trace::{OpenIdDocument, Source};
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::borrow::Cow;

/// The error codes of the standards, each with the RFC that registers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// RFC 6749 §4.1.2.1
    AccessDenied,
    /// RFC 8628 §3.5
    AuthorizationPending,
    /// OpenID Connect Core §3.1.2.6
    ConsentRequired,
    /// RFC 8628 §3.5
    ExpiredToken,
    /// RFC 6749 §5.2
    InvalidClient,
    /// RFC 7591 §3.2.2
    InvalidClientMetadata,
    /// RFC 9449 §5
    InvalidDpopProof,
    /// RFC 6749 §5.2
    InvalidGrant,
    /// RFC 7591 §3.2.2
    InvalidRedirectUri,
    /// RFC 6749 §4.1.2.1
    InvalidRequest,
    /// OpenID Connect Core §3.1.2.6
    InvalidRequestUri,
    /// RFC 6749 §4.1.2.1
    InvalidScope,
    /// RFC 8707 §2
    InvalidTarget,
    /// OpenID Connect Core §3.1.2.6
    LoginRequired,
    /// OpenID Connect Core §3.1.2.6
    RequestNotSupported,
    /// OpenID Connect Core §3.1.2.6
    RequestUriNotSupported,
    /// RFC 6749 §4.1.2.1
    ServerError,
    /// RFC 8628 §3.5
    SlowDown,
    /// RFC 6749 §4.1.2.1
    TemporarilyUnavailable,
    /// RFC 6749 §5.2
    UnauthorizedClient,
    /// RFC 6749 §5.2
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1
    UnsupportedResponseType,
    /// RFC 9449 §8
    UseDpopNonce,
}

impl ErrorCode {
    /// The code as sent.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorCode::AccessDenied => "access_denied",
            ErrorCode::AuthorizationPending => "authorization_pending",
            ErrorCode::ConsentRequired => "consent_required",
            ErrorCode::ExpiredToken => "expired_token",
            ErrorCode::InvalidClient => "invalid_client",
            ErrorCode::InvalidClientMetadata => "invalid_client_metadata",
            ErrorCode::InvalidDpopProof => "invalid_dpop_proof",
            ErrorCode::InvalidGrant => "invalid_grant",
            ErrorCode::InvalidRedirectUri => "invalid_redirect_uri",
            ErrorCode::InvalidRequest => "invalid_request",
            ErrorCode::InvalidRequestUri => "invalid_request_uri",
            ErrorCode::InvalidScope => "invalid_scope",
            ErrorCode::InvalidTarget => "invalid_target",
            ErrorCode::LoginRequired => "login_required",
            ErrorCode::RequestNotSupported => "request_not_supported",
            ErrorCode::RequestUriNotSupported => "request_uri_not_supported",
            ErrorCode::ServerError => "server_error",
            ErrorCode::SlowDown => "slow_down",
            ErrorCode::TemporarilyUnavailable => "temporarily_unavailable",
            ErrorCode::UnauthorizedClient => "unauthorized_client",
            ErrorCode::UnsupportedGrantType => "unsupported_grant_type",
            ErrorCode::UnsupportedResponseType => "unsupported_response_type",
            ErrorCode::UseDpopNonce => "use_dpop_nonce",
        }
    }

    /// Where the code is registered: as close as can be told to where a refusal is demanded that no rule of a list made.
    pub fn source(self) -> Source {
        match self {
            ErrorCode::InvalidClient
            | ErrorCode::InvalidGrant
            | ErrorCode::UnauthorizedClient
            | ErrorCode::UnsupportedGrantType => Source::rfc(6749, "5.2"),
            ErrorCode::AccessDenied
            | ErrorCode::InvalidRequest
            | ErrorCode::InvalidScope
            | ErrorCode::ServerError
            | ErrorCode::TemporarilyUnavailable
            | ErrorCode::UnsupportedResponseType => Source::rfc(6749, "4.1.2.1"),
            ErrorCode::InvalidClientMetadata | ErrorCode::InvalidRedirectUri => Source::rfc(7591, "3.2.2"),
            ErrorCode::AuthorizationPending | ErrorCode::ExpiredToken | ErrorCode::SlowDown => Source::rfc(8628, "3.5"),
            ErrorCode::InvalidTarget => Source::rfc(8707, "2"),
            ErrorCode::InvalidDpopProof => Source::rfc(9449, "5"),
            ErrorCode::UseDpopNonce => Source::rfc(9449, "8"),
            ErrorCode::ConsentRequired
            | ErrorCode::InvalidRequestUri
            | ErrorCode::LoginRequired
            | ErrorCode::RequestNotSupported
            | ErrorCode::RequestUriNotSupported => Source::openid(OpenIdDocument::ConnectCore, "3.1.2.6"),
        }
    }

    fn status(self) -> StatusCode {
        match self {
            ErrorCode::InvalidClient => StatusCode::UNAUTHORIZED,
            ErrorCode::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            ErrorCode::TemporarilyUnavailable => StatusCode::TOO_MANY_REQUESTS,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

/// A refusal by a named rule. As a response it is the JSON document of RFC 6749 §5.2.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description} ({rule})", code.as_str())]
pub struct Refusal {
    /// The OAuth error code.
    pub code: ErrorCode,
    /// The rule that refused.
    pub rule: &'static str,
    /// Words for the developer of the client. Never a secret.
    pub description: Cow<'static, str>,
    /// Seconds after which asking again makes sense.
    pub retry_after: Option<i64>,
}

impl Refusal {
    /// A refusal with this code by this rule.
    pub fn new(code: ErrorCode, rule: &'static str, description: impl Into<Cow<'static, str>>) -> Self {
        Self { code, rule, description: description.into(), retry_after: None }
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "storage failed");
        Refusal::new(ErrorCode::ServerError, "storage", "the server could not reach its storage")
    }
}

impl From<serde_json::Error> for Refusal {
    fn from(error: serde_json::Error) -> Self {
        StorageError::from(error).into()
    }
}

impl From<crate::jose::KeyError> for Refusal {
    fn from(error: crate::jose::KeyError) -> Self {
        tracing::error!(%error, "signing failed");
        Refusal::new(ErrorCode::ServerError, "signing", "the server could not sign")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        explanation::refused(&self);
        let body = json!({ "error": self.code.as_str(), "error_description": self.description });
        let mut response = (self.code.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        // RFC 6749 §5.1 asks it of answers with tokens; a refusal is no better in a cache.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.code == ErrorCode::InvalidClient {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(r#"Basic realm="Three Keys clients", charset="UTF-8""#),
            );
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
