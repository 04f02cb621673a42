//! Problem documents (RFC 9457): how the resource server says no.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};
use server_fn::{ContentType, Decodes, Encodes, Format, FormatType};

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An RFC 9457 problem document. It is also the error type of every server function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{title}: {detail}")]
pub struct Problem {
    /// The same for every occurrence of this kind of problem.
    pub title: String,
    /// The HTTP status code; 0 where no answer came at all.
    pub status: u16,
    /// What went wrong this time, and what to do about it.
    pub detail: String,
    /// The argument that was refused, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The check that refused, such as `scheme` or `signature`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The `WWW-Authenticate` header that goes with it. It travels as a header, not in the document.
    #[serde(skip)]
    pub challenge: Option<String>,
    /// Seconds to wait, for the `Retry-After` header.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem with the title that belongs to the status.
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        let title = match status {
            0 => "No answer",
            400 => "Bad request",
            401 => "Authentication needed",
            403 => "Not allowed",
            404 => "Not found",
            405 => "Method not allowed",
            406 => "Not acceptable",
            408 => "Took too long",
            409 => "Conflict",
            413 => "Content too large",
            415 => "Unsupported media type",
            421 => "Misdirected request",
            429 => "Too many requests",
            431 => "Header fields too large",
            503 => "Overloaded",
            _ => "Internal error",
        };
        Self {
            title: title.to_owned(),
            status,
            detail: detail.into(),
            field: None,
            check: None,
            challenge: None,
            retry_after: None,
        }
    }

    /// An argument that does not meet its rule.
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(400, detail) }
    }

    /// The same, with the `WWW-Authenticate` header that goes with it.
    #[must_use]
    pub fn with_challenge(mut self, challenge: impl Into<String>) -> Self {
        self.challenge = Some(challenge.into());
        self
    }

    /// The same, naming the check that refused.
    #[must_use]
    pub fn with_check(mut self, check: &str) -> Self {
        self.check = Some(check.to_owned());
        self
    }
}

/// The browser's half of a call could not be fetched, so none was made.
#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for Problem {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Problem::new(0, crate::ui::fetched::Unfetched.to_string())
    }
}

/// Writes problems as `application/problem+json`.
#[derive(Debug)]
pub struct ProblemJson;

impl ContentType for ProblemJson {
    const CONTENT_TYPE: &'static str = MEDIA_TYPE;
}

impl FormatType for ProblemJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl Encodes<Problem> for ProblemJson {
    type Error = serde_json::Error;

    fn encode(problem: &Problem) -> Result<Bytes, Self::Error> {
        JsonEncoding::encode(problem)
    }
}

impl Decodes<Problem> for ProblemJson {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<Problem, Self::Error> {
        JsonEncoding::decode(bytes)
    }
}

impl FromServerFnError for Problem {
    type Encoder = ProblemJson;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(reason) | ServerFnErrorErr::Deserialization(reason) => Problem::new(400, reason),
            ServerFnErrorErr::MissingArg(name) => Problem::invalid(&name, "this argument is missing"),
            ServerFnErrorErr::Request(_) => Problem::new(0, "the server could not be reached"),
            _ => Problem::new(500, "the server could not answer this request"),
        }
    }

    /// The one place where a problem becomes an HTTP status and headers: the framework calls this once per refused call.
    #[cfg(feature = "ssr")]
    fn ser(&self) -> Bytes {
        use http::{HeaderValue, StatusCode, header};
        if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
            if let Some(challenge) = self.challenge.as_ref().and_then(|text| HeaderValue::from_str(text).ok()) {
                response.insert_header(header::WWW_AUTHENTICATE, challenge);
            }
            if let Some(seconds) = self.retry_after {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
        }
        ProblemJson::encode(self)
            .unwrap_or_else(|_| Bytes::from_static(br#"{"title":"Internal error","status":500,"detail":""}"#))
    }
}
