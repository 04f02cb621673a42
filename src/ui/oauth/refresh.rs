//! The next access token, for as many waiting calls as there are, with one request (RFC 6749 §6).

use super::metadata::metadata;
use super::tokens::{accept, client, failure, post};
use super::{Application, Failure};
use crate::ui::session;
use crate::wire::problem::Problem;
use futures::FutureExt as _;
use futures::future::{LocalBoxFuture, Shared};
use oauth2::RefreshToken;
use std::cell::RefCell;

type Waiting = Shared<LocalBoxFuture<'static, Result<(), Problem>>>;

thread_local! {
    /// The refresh that is under way, which everyone else waits for: a refresh token is used once (RFC 9700 §4.14.2).
    static UNDER_WAY: RefCell<Option<Waiting>> = const { RefCell::new(None) };
}

/// Replaces this tab's tokens. When the server refuses, the tokens are forgotten: only a new sign-in helps.
///
/// # Errors
/// 401 when the server refuses the refresh token, 0 when it cannot be reached (the tokens stay).
pub async fn refresh() -> Result<(), Problem> {
    let one = UNDER_WAY.with_borrow_mut(|slot| {
        slot.get_or_insert_with(|| {
            async {
                let outcome = exchange().await;
                UNDER_WAY.set(None);
                outcome
            }
            .boxed_local()
            .shared()
        })
        .clone()
    });
    one.await
}

async fn exchange() -> Result<(), Problem> {
    match renew().await {
        Ok(()) => Ok(()),
        Err(Failure::Unreachable) => Err(Problem::new(0, "the authorization server could not be reached")),
        Err(reason) => {
            session::end_oauth(format!("Your sign-in has ended, and this tab has forgotten its tokens. {reason}"));
            Err(Problem::new(401, format!("the access token could not be refreshed; sign in again. {reason}")))
        }
    }
}

async fn renew() -> Result<(), Failure> {
    let before = session::oauth().ok_or(Failure::NothingToFinish)?;
    let token = RefreshToken::new(before.refresh_token.clone().ok_or(Failure::NothingToFinish)?);
    let answer = client(&metadata().await?, Application::ThreeKeys)?
        .exchange_refresh_token(&token)
        .request_async(&post)
        .await
        .map_err(failure)?;
    let scope = before.scope.clone();
    session::keep_oauth(Some(accept(&answer, &scope, Some(before))?));
    Ok(())
}
