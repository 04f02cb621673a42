//! The second realm: the same credentials at another door of the same house.

use crate::ui::client::{Answered, basic_header, call};
use crate::ui::session::BasicCredentials;
use crate::wire::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button that tries it, and the link by which the browser asks for itself.
#[component]
pub fn SecondRealm(
    /// The credentials that opened the first.
    credentials: BasicCredentials,
) -> impl IntoView {
    let answer = RwSignal::new(None::<Result<Answered, Problem>>);
    let header = basic_header(&credentials.username, &credentials.password);
    let ask = move |_| {
        let header = header.clone();
        spawn_local(async move {
            answer.try_set(Some(call("GET", "/api/basic/audit", &[("Authorization", &header)], None).await));
        });
    };
    view! {
        <section class="panel" aria-labelledby="realm-heading">
            <h2 id="realm-heading">"Another realm"</h2>
            <p>
                "The audit log stands in a realm of its own, " <code>"Three Keys audit"</code>
                ", with credentials of its own. The ones that opened the wiki mean nothing there."
            </p>
            <div class="actions">
                <button type="button" class="button" on:click=ask>"Show them to the other realm"</button>
                <a class="button quiet" href="/api/basic/pages" target="_blank" rel="external noreferrer">
                    "Let the browser ask by itself"
                </a>
            </div>
            <p class="hint">"The link opens the API in a new tab. The browser meets the challenge, shows its own prompt, and keeps what you type until it is closed: there is no sign-out."</p>
            <div role="status">
                {move || answer.get().map(|answer| match answer {
                    Err(problem) => view! { <p>{problem.detail}</p> }.into_any(),
                    Ok(answered) => {
                        let demand = answered.answer.header("www-authenticate").unwrap_or_default().to_owned();
                        view! { <p><b>{answered.status}</b>": refused, and the challenge now names the other realm: "<code>{demand}</code></p> }
                            .into_any()
                    }
                })}
            </div>
        </section>
    }
}
