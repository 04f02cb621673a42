//! Every call of this tab goes out here: with the key that fits the door, without cookies, and noted by the recorder.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
pub(crate) mod fetch;

#[cfg(feature = "hydrate")]
pub use browser::RecordingClient;
#[cfg(feature = "hydrate")]
pub use fetch::call;

use super::recorder::Answer;
use crate::wire::base64url::encode_standard;
use crate::wire::problem::Problem;

/// An answer, whatever its status, with the number of its exchange in the recorder.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The exchange's number.
    pub exchange: u32,
    /// The status.
    pub status: u16,
    /// Headers and body.
    pub answer: Answer,
    /// From sending to the last byte, in milliseconds, as finely as the browser tells them.
    pub milliseconds: f64,
}

impl Answered {
    /// Whether the server did what it was asked.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.answer.body).unwrap_or_default()
    }

    /// A refusal as the problem document that it is, together with its challenge.
    pub fn problem(&self) -> Problem {
        let mut problem = serde_json::from_str(&self.answer.body)
            .unwrap_or_else(|_| Problem::new(self.status, "the server gave no reason that can be read"));
        problem.challenge = self.answer.header("www-authenticate").map(ToOwned::to_owned);
        problem.retry_after = self.answer.header("retry-after").and_then(|seconds| seconds.parse().ok());
        problem
    }
}

/// The header that carries Basic credentials (RFC 7617 §2), in UTF-8 as the challenge's `charset` asks.
pub fn basic_header(username: &str, password: &str) -> String {
    format!("Basic {}", encode_standard(format!("{username}:{password}")))
}

/// On the server no call goes out: bodies run directly.
#[cfg(not(feature = "hydrate"))]
pub type RecordingClient = server_fn::client::browser::BrowserClient;

/// On the server no call goes out.
///
/// # Errors
/// Always.
#[cfg(not(feature = "hydrate"))]
pub async fn call(
    _method: &str,
    _url: &str,
    _headers: &[(&str, &str)],
    _body: Option<&str>,
) -> Result<Answered, Problem> {
    Err(Problem::new(0, "this works in a browser only"))
}
