//! What any script on this page could read.

use crate::ui::exposed::{Exposed, exposed};
use leptos::prelude::*;

/// The button, and what it finds: the beginnings of secrets, never a whole one.
#[component]
pub fn Readable(
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
) -> impl IntoView {
    let found = RwSignal::new(None::<Exposed>);
    view! {
        <p class="actions">
            <button type="button" class="button" disabled=move || !ready.get() on:click=move |_| found.set(Some(exposed()))>
                "Show what a script on this page could read"
            </button>
        </p>
        <div role="status" data-testid="readable">
            {move || found.get().map(|Exposed { session, local, cookie }| view! {
                <dl class="facts readable">
                    <Place name="sessionStorage" entries=session/>
                    <Place name="localStorage" entries=local/>
                    <div>
                        <dt><code>"document.cookie"</code></dt>
                        <dd>
                            {if cookie.is_empty() {
                                "empty. If you have signed in at the authorization server there is a cookie, but it is HttpOnly: scripts do not see it.".to_owned()
                            } else {
                                cookie
                            }}
                        </dd>
                    </div>
                </dl>
            })}
        </div>
    }
}

/// The entries of one storage.
#[component]
fn Place(name: &'static str, entries: Vec<[String; 3]>) -> impl IntoView {
    view! {
        <div>
            <dt><code>{name}</code></dt>
            <dd>
                {if entries.is_empty() {
                    view! { "empty" }.into_any()
                } else {
                    view! {
                        <ul>
                            {entries
                                .into_iter()
                                .map(|[entry, kind, start]| view! {
                                    <li><code>{entry}</code>": "{kind}", "<code>{start}"…"</code></li>
                                })
                                .collect_view()}
                        </ul>
                    }
                    .into_any()
                }}
            </dd>
        </div>
    }
}
