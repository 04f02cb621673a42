//! The JWT door's own sign-in: a password is shown once, a signed token is shown afterwards, and a weaker one handed on.

#![allow(
    missing_docs,
    reason = "the macro makes a structure of the arguments, whose fields it leaves without documentation"
)]

use crate::ui::client::RecordingClient;
use crate::wire::arguments::Checked;
use crate::wire::problem::Problem;
#[cfg(feature = "ssr")]
use crate::wire::role::Operation;
use crate::wire::sign_in::SignedIn;
use leptos::prelude::*;
use server_fn::codec::Json;

#[cfg(feature = "ssr")]
use super::{guards, jwt_issuer};

/// Exchanges a password for a signed token.
///
/// # Errors
/// 400 for a field that breaks its rule, 401 for a wrong password or an unknown account.
#[server(prefix = "/api/jwt", endpoint = "sign_in", protocol = Checked<Json>, client = RecordingClient)]
pub async fn sign_in(username: String, password: String) -> Result<SignedIn, Problem> {
    jwt_issuer::sign_in(&username, &password).await
}

/// Exchanges the token that the call carries for a weaker one, to hand on: it lives no longer, for `lifetime` seconds at
/// most, and opens this `door` or one `elsewhere`.
///
/// # Errors
/// 400 for a field that breaks its rule, 401 without a valid token.
#[server(prefix = "/api/jwt", endpoint = "narrow", protocol = Checked<Json>, client = RecordingClient)]
pub async fn narrow(
    #[server(default)] lifetime: Option<i64>,
    #[server(default)] audience: Option<String>,
) -> Result<SignedIn, Problem> {
    guards::admitted(Operation::ViewProfile)?;
    jwt_issuer::narrow(lifetime, audience.as_deref()).await
}

/// Revokes the token that the call carries. Only the revocable guard will notice: that is the lesson.
///
/// # Errors
/// 401 without a valid token.
#[server(prefix = "/api/jwt", endpoint = "sign_out", protocol = Checked<Json>, client = RecordingClient)]
pub async fn sign_out() -> Result<(), Problem> {
    guards::jwt::revoke().await
}
