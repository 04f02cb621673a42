//! What people do with their own account, over Basic: change its password, and in a demo get one to try that on.

#![expect(
    missing_docs,
    reason = "the macro makes a structure of the arguments, whose fields it leaves without documentation"
)]

use crate::ui::client::RecordingClient;
use crate::wire::arguments::Checked;
use crate::wire::guest::Guest;
use crate::wire::problem::Problem;
#[cfg(feature = "ssr")]
use crate::wire::role::Operation;
use leptos::prelude::*;
use server_fn::codec::{Json, PutJson};

#[cfg(feature = "ssr")]
use super::{guards, passwords};

/// Gives the caller's account another password. Its sessions and grants end, and whoever else has the old password,
/// another application for one, is locked out: with Basic that is the only way to shut one out.
///
/// # Errors
/// 400 for a password that breaks its rule, 401 without valid credentials, 403 for an account that everybody shares,
/// 429 or 503 with the time to wait.
#[server(prefix = "/api/basic", endpoint = "password", protocol = Checked<PutJson>, client = RecordingClient)]
pub async fn change_password(password: String) -> Result<(), Problem> {
    let caller = guards::admitted(Operation::ChangePassword)?;
    passwords::change(&caller, &password).await
}

/// Makes a throw-away account, in a demo.
///
/// # Errors
/// 404 where this is no demo, 429 or 503 with the time to wait.
#[server(prefix = "/api/basic", endpoint = "guest", protocol = Checked<Json>, client = RecordingClient)]
pub async fn make_guest() -> Result<Guest, Problem> {
    passwords::guest().await
}
