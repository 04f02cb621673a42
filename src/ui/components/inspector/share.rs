//! Passing a token on as a link, and thinking twice before.

use crate::ui::clipboard;
use crate::ui::dates;
use crate::ui::inspection::anatomy::Anatomy;
use crate::ui::inspection::warnings::is_live;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button that makes a link. A link to a token that still opens doors here is made only after a warning.
#[component]
pub fn Share(
    /// The token.
    #[prop(into)]
    token: Signal<String>,
) -> impl IntoView {
    let warned = RwSignal::new(false);
    let said = RwSignal::new("");
    let keep = NodeRef::<html::Button>::new();
    // A warning is about the token that was there.
    Effect::new(move |_| {
        token.track();
        warned.set(false);
        said.set("");
    });
    Effect::new(move |_| {
        if warned.get()
            && let Some(button) = keep.get()
        {
            let _ = button.focus();
        }
    });
    let copy = move || {
        warned.set(false);
        let location = window().location();
        let place = location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default();
        let link = format!("{place}#token={}", token.get_untracked());
        spawn_local(async move {
            let copied = clipboard::copy(link).await;
            said.try_set(if copied { "The link is copied." } else { "The browser did not allow copying." });
        });
    };
    let ask = move |_| {
        let origin = window().location().origin().unwrap_or_default();
        let live = token.with_untracked(|token| {
            Anatomy::of(token).claims.is_some_and(|claims| is_live(&claims, &origin, dates::now()))
        });
        if live {
            said.set("");
            warned.set(true);
        } else {
            copy();
        }
    };
    view! {
        <div class="share">
            <p class="actions">
                <button type="button" class="button quiet" on:click=ask>"Copy link"</button>
                <span role="status">{said}</span>
            </p>
            <p class="hint">
                "The token stands behind the # of the link. Browsers send that part to no server, and this page takes it out of the address bar once it is read."
            </p>
            <Show when=move || warned.get()>
                <div class="refusal" role="alert">
                    <p class="refusal-title">"This token is live"</p>
                    <p>"This server issued it, and it has not expired. Whoever gets the link can act with it until then."</p>
                    <p class="actions">
                        <button type="button" class="button" node_ref=keep on:click=move |_| warned.set(false)>"Keep it to myself"</button>
                        <button type="button" class="button danger" on:click=move |_| copy()>"Copy the link anyway"</button>
                    </p>
                </div>
            </Show>
        </div>
    }
}
