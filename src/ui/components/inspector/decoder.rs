//! The decoder: a token in, its parts out.

use super::anatomy_view::AnatomyView;
use super::share::Share;
use super::verification::Verification;
use crate::ui::inspection::bench::Bench;
use leptos::prelude::*;

/// A place to paste a token, and what it says.
#[component]
pub fn Decoder(
    /// What lies on the bench.
    bench: Bench,
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// The tokens that this tab holds, each with its name.
    #[prop(into)]
    own: Signal<Vec<(&'static str, String)>>,
) -> impl IntoView {
    let is_empty = Memo::new(move |_| bench.token.with(String::is_empty));
    view! {
        <section class="panel inspector" aria-labelledby="decoder-heading">
            <h2 id="decoder-heading" tabindex="-1">"Decode and verify"</h2>
            <fieldset disabled=move || !ready.get()>
                <legend class="visually-hidden">"The token"</legend>
                <div class="field">
                    <label for="token">"Token"</label>
                    <textarea
                        id="token"
                        class="code"
                        rows="6"
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="none"
                        aria-describedby="token-hint"
                        prop:value=bench.token
                        on:input:target=move |event| bench.set_token(&event.target().value())
                    ></textarea>
                    <p class="hint" id="token-hint">
                        "It is taken apart in this page and sent nowhere. Whoever holds a live token can use it, so treat it like a password."
                    </p>
                </div>
                <p class="actions">
                    <button type="button" class="button quiet" on:click=move |_| bench.set_example()>"Use the example of RFC 7519"</button>
                    {move || own.get()
                        .into_iter()
                        .map(|(name, token)| view! {
                            <button type="button" class="button quiet" on:click=move |_| bench.set_token(&token)>
                                "Use this tab’s "{name}
                            </button>
                        })
                        .collect_view()}
                    <button type="button" class="button quiet" on:click=move |_| bench.set_token("")>"Clear"</button>
                </p>
            </fieldset>
            <noscript>"Taking a token apart needs JavaScript: it must not leave your browser, so the server does not do it for you."</noscript>
            <Show when=move || !is_empty.get() fallback=|| view! { <p class="hint empty">"Nothing to decode yet."</p> }>
                {move || view! { <AnatomyView token=bench.token.get()/> }}
                <Verification bench/>
                <Share token=bench.token/>
            </Show>
        </section>
    }
}
