//! `prompt` holds known values, and `none` stands alone (OpenID Connect Core §3.1.2.1).

use super::subjects::Asked;
use super::{Objection, OpenIdDocument, Rule, Source, object};
use crate::auth_server::error::ErrorCode;
const ASCII_SPACE: char = ' ';
pub(super) const RULE: Rule<Asked> =
    Rule { name: "check_prompt", source: Source::openid(OpenIdDocument::ConnectCore, "3.1.2.1"), check };

fn check(asked: &Asked) -> Result<(), Objection> {
    let Some(prompt) = asked.parameters.get("prompt") else { return Ok(()) };
    let values: Vec<&str> = prompt.split(ASCII_SPACE).collect();
    if !values.iter().all(|value| matches!(*value, "none" | "login" | "consent" | "select_account")) {
        return Err(object(ErrorCode::InvalidRequest, "prompt holds an unknown value"));
    }
    if values.contains(&"none") && values.len() > 1 {
        return Err(object(ErrorCode::InvalidRequest, "prompt=none stands alone"));
    }
    Ok(())
}
