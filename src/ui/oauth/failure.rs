//! Why a sign-in did not come about, in words.

use crate::wire::problem::Problem;

/// Each way in which the dance with the authorization server can end badly.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Rendered on a server: there is no browser.
    #[error("This works in a browser only.")]
    NoBrowser,
    /// No answer.
    #[error("The authorization server could not be reached. Nothing was exchanged; you can try again.")]
    Unreachable,
    /// The metadata is missing or malformed (RFC 8414 §3.2).
    #[error("The authorization server's metadata cannot be used: {0}.")]
    Metadata(&'static str),
    /// The metadata is another server's (RFC 8414 §3.3).
    #[error(
        "The metadata names the issuer {found}, but it came from {expected}. It is not used: it could send you elsewhere."
    )]
    ForeignMetadata {
        /// The issuer that the metadata names.
        found: String,
        /// The origin that it was fetched from.
        expected: String,
    },
    /// `/callback` was opened without an answer in it.
    #[error("There is no answer here to finish. A sign-in begins on the OAuth page.")]
    NothingToFinish,
    /// The `state` is unknown to this tab (RFC 6749 §10.12).
    #[error(
        "This answer does not belong to a sign-in that this tab has begun, or it was used already. Its state matches none that is pending here, so the code was not redeemed: that is how a forged answer is kept out."
    )]
    UnknownState,
    /// No `iss` (RFC 9207 §2.4).
    #[error(
        "The answer does not say which authorization server it comes from (iss is missing), so the code was not redeemed."
    )]
    MissingIssuer,
    /// Another `iss` (RFC 9207 §2.4).
    #[error(
        "The answer comes from {0}, which is not the authorization server that was asked. The code was not redeemed: that is how a mix-up is kept out."
    )]
    WrongIssuer(String),
    /// The authorization server said no (RFC 6749 §4.1.2.1, §5.2).
    #[error("{} The server said: {code}{}", explain(.code), .description.as_ref().map(|text| format!(", {text}")).unwrap_or_default())]
    Refused {
        /// The error code.
        code: String,
        /// The server's own explanation.
        description: Option<String>,
    },
    /// A token of a kind this application cannot use (RFC 6749 §7.1).
    #[error(
        "The authorization server issued a token of an unknown type. Only Bearer tokens are understood here, so it was thrown away."
    )]
    UnknownTokenType,
    /// The browser's cryptography is not to be had.
    #[error("{0}.")]
    Cryptography(String),
    /// An answer that is no token answer.
    #[error("The authorization server answered with something that is no token response.")]
    Malformed,
}

/// What an OAuth error code means for the person in front of the screen.
fn explain(code: &str) -> &'static str {
    match code {
        "access_denied" => "You, or the server on your behalf, did not allow the access.",
        "invalid_scope" => "The application asked for a scope that it may not have, or that does not exist.",
        "invalid_grant" => "The code or refresh token is expired, used, revoked, or was issued to somebody else.",
        "invalid_client" | "unauthorized_client" => "The server does not accept this application for this request.",
        "invalid_request" => "The request was malformed or incomplete.",
        "unsupported_response_type" | "unsupported_grant_type" => "The server does not offer this kind of sign-in.",
        "login_required" | "consent_required" | "interaction_required" => {
            "The server needs to see you before it says yes."
        }
        "temporarily_unavailable" | "server_error" => "The server could not answer just now; try again.",
        _ => "The server refused.",
    }
}

#[cfg(feature = "hydrate")]
impl From<crate::ui::web_crypto::CryptoError> for Failure {
    fn from(error: crate::ui::web_crypto::CryptoError) -> Self {
        Failure::Cryptography(error.to_string())
    }
}

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for Failure {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Failure::Unreachable
    }
}

impl From<Problem> for Failure {
    fn from(_: Problem) -> Self {
        Failure::Unreachable
    }
}
