//! What can be done with tokens at the authorization server: renew, ask about, revoke.

use crate::ui::oauth;
use crate::ui::oauth::Failure;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// The buttons, and what was answered.
#[component]
pub fn TokenActions() -> impl IntoView {
    let said = RwSignal::new(String::new());
    let details = RwSignal::new(None::<String>);
    let refresh = move |_| {
        tell(said, details, async {
            oauth::refresh()
                .await
                .map_err(|problem| Failure::Refused { code: problem.title, description: Some(problem.detail) })?;
            Ok((
                "Refreshed: the access token and the refresh token are new, and the old refresh token is spent."
                    .to_owned(),
                None,
            ))
        });
    };
    let introspect = move |_| {
        tell(said, details, async {
            let answer = oauth::introspect().await?;
            Ok(("A resource server that asks about the access token is told this:".to_owned(), Some(answer)))
        });
    };
    let revoke = move |_| {
        tell(said, details, async {
            oauth::revoke_access_token().await?;
            Ok(("Revoked: the access token is void at once. The next call is refused, and the refresh token gets a new one.".to_owned(), None))
        });
    };
    view! {
        <section class="panel" aria-labelledby="actions-heading">
            <h2 id="actions-heading">"At the authorization server"</h2>
            <p>"Each of these is one request, to be seen on the wire. Introspection (RFC 7662) is for resource servers: it is asked here with the demo’s own "<code>"resource-server"</code>" credentials, which a browser would not hold."</p>
            <div class="actions">
                <button type="button" class="button" on:click=refresh>"Refresh"</button>
                <button type="button" class="button" on:click=introspect>"Introspect"</button>
                <button type="button" class="button" on:click=revoke>"Revoke the access token"</button>
            </div>
            <div role="status" class="actions-outcome">
                <p>{said}</p>
                {move || details.get().map(|text| view! { <pre class="secret">{text}</pre> })}
            </div>
        </section>
    }
}

fn tell(
    said: RwSignal<String>,
    details: RwSignal<Option<String>>,
    action: impl Future<Output = Result<(String, Option<String>), Failure>> + 'static,
) {
    spawn_local(async move {
        let (words, more) = action.await.unwrap_or_else(|failure| (failure.to_string(), None));
        said.try_set(words);
        details.try_set(more);
    });
}
