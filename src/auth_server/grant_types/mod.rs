//! What can be exchanged for tokens, one grant type per file.

pub(super) mod authorization_code;
pub(super) mod client_credentials;
pub(super) mod device_code;
pub(super) mod refresh_token;

use super::error::{ErrorCode, Refusal};
use super::parameters::Parameters;

/// The one resource that a token request may name.
fn resource(parameters: &Parameters) -> Result<Option<String>, Refusal> {
    let mut resources = parameters.all("resource");
    let first = resources.next().map(str::to_owned);
    if resources.next().is_some() {
        return Err(Refusal::new(ErrorCode::InvalidTarget, "check_resource", "ask for one resource at a time"));
    }
    Ok(first)
}

fn required<'a>(parameters: &'a Parameters, name: &'static str) -> Result<&'a str, Refusal> {
    parameters
        .get(name)
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidRequest, "check_required", format!("{name} is missing")))
}
