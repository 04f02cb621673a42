//! Every decision is one rule in one file, composed into ordered lists that read like the RFCs. A rule is a pure
//! function over what was asked and what is stored; it touches nothing else.

use super::error::{ErrorCode, Refusal};
use super::explanation;
use crate::wire::trace::{OpenIdDocument, Source};
use std::borrow::Cow;

mod check_authorization_details;
mod check_characters;
mod check_code_alive;
mod check_code_client;
mod check_code_redirect_uri;
mod check_code_verifier;
mod check_confidential;
mod check_device_alive;
mod check_device_client;
mod check_device_decision;
mod check_device_interval;
mod check_dpop_key;
mod check_lengths;
mod check_max_age;
mod check_own_scope;
mod check_pkce;
mod check_prompt;
mod check_pushed;
mod check_redirect_uri;
mod check_refresh_alive;
mod check_refresh_client;
mod check_refresh_scope;
mod check_repeated;
mod check_request_object;
mod check_resource;
mod check_response_mode;
mod check_response_type;
mod check_scope;

pub mod subjects;

use subjects::{Asked, CodeRedemption, DevicePoll, OwnBehalf, Refresh};

/// One decision.
pub struct Rule<S> {
    /// Its name: the file's.
    pub name: &'static str,
    /// Where it is demanded.
    pub source: Source,
    /// The decision: nothing, or an error code and words for the client's developer.
    pub check: fn(&S) -> Result<(), Objection>,
}

/// Why a rule refuses.
pub struct Objection {
    code: ErrorCode,
    description: Cow<'static, str>,
}

/// An objection with this code.
pub fn object(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Objection {
    Objection { code, description: description.into() }
}

/// Asks the rules in their order.
///
/// # Errors
/// The first refusal.
pub fn decide<'a, S: 'a>(rules: impl IntoIterator<Item = &'a Rule<S>>, subject: &S) -> Result<(), Refusal> {
    let mut rules = rules.into_iter();
    while let Some(rule) = rules.next() {
        let started = explanation::start();
        let verdict = (rule.check)(subject);
        explanation::decided(rule.name, &rule.source, started, verdict.is_ok());
        if let Err(Objection { code, description }) = verdict {
            rules.for_each(|rule| explanation::not_reached(rule.name, &rule.source));
            return Err(Refusal::new(code, rule.name, description));
        }
    }
    Ok(())
}

/// What must hold before an answer may be sent to the redirect URI at all (RFC 6749 §4.1.2.1).
pub const BEFORE_REDIRECTING: &[Rule<Asked>] = &[check_redirect_uri::RULE];

/// What must hold before a person is asked anything. Refusals go to the redirect URI.
pub const AUTHORIZATION: &[Rule<Asked>] = &[
    check_repeated::RULE,
    check_characters::RULE,
    check_lengths::RULE,
    check_pushed::RULE,
    check_request_object::RULE,
    check_authorization_details::RULE,
    check_response_type::RULE,
    check_response_mode::RULE,
    check_pkce::RULE,
    check_scope::RULE,
    check_resource::RULE,
    check_prompt::RULE,
    check_max_age::RULE,
];

/// What must hold before a code is exchanged.
pub const CODE_REDEMPTION: &[Rule<CodeRedemption>] = &[
    check_code_client::RULE,
    check_code_alive::RULE,
    check_code_redirect_uri::RULE,
    check_code_verifier::RULE,
    check_dpop_key::CODE,
];

/// What must hold before a refresh token is exchanged.
pub const REFRESH: &[Rule<Refresh>] =
    &[check_refresh_client::RULE, check_refresh_alive::RULE, check_dpop_key::REFRESH, check_refresh_scope::RULE];

/// What must hold before a client gets a token of its own.
pub const CLIENT_CREDENTIALS: &[Rule<OwnBehalf>] =
    &[check_confidential::RULE, check_dpop_key::OWN, check_own_scope::RULE];

/// What must hold before a device code is exchanged.
pub const DEVICE_CODE: &[Rule<DevicePoll>] = &[
    check_device_client::RULE,
    check_device_alive::RULE,
    check_device_interval::RULE,
    check_device_decision::RULE,
    check_dpop_key::DEVICE,
];
