//! Choosing a key, and the verdict.

use crate::ui::inspection::bench::Bench;
use crate::ui::inspection::key_choice::KeyKind;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The form and what came of it.
#[component]
pub fn Verification(
    /// What lies on the bench.
    bench: Bench,
) -> impl IntoView {
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !bench.busy.get_untracked() {
            bench.verify();
        }
    };
    view! {
        <form class="verification" on:submit=submit aria-busy=move || bench.busy.get().to_string()>
            <fieldset>
                <legend>"Verify with"</legend>
                <ul class="choices">
                    {KeyKind::ALL
                        .map(|kind| view! {
                            <li><label>
                                <input
                                    type="radio"
                                    name="key-kind"
                                    value=kind.value()
                                    prop:checked=move || bench.kind.get() == kind
                                    on:change=move |_| bench.set_kind(kind)
                                />
                                {kind.name()}
                            </label></li>
                        })
                        .collect_view()}
                </ul>
                {move || key_field(bench, bench.kind.get())}
                <button type="submit" class="button strong">"Verify"</button>
            </fieldset>
        </form>
        <div role="status" data-testid="verdict">
            {move || match bench.verdict.get() {
                Some(verdict) => view! {
                    <div class=verdict.class()>
                        <p class="verdict-title">{verdict.title()}</p>
                        <p>{verdict.explanation().to_owned()}</p>
                    </div>
                }
                .into_any(),
                None if bench.busy.get() => view! { <p class="hint">"Verifying …"</p> }.into_any(),
                None => ().into_any(),
            }}
        </div>
    }
}

/// Where the key is pasted, and which algorithm it is for.
fn key_field(bench: Bench, kind: KeyKind) -> AnyView {
    let (label, hint) = match kind {
        KeyKind::Server => {
            return view! {
                <p class="hint">
                    "Fetched from the "<code>"jwks_uri"</code>" of this server’s metadata; the token’s "<code>"kid"</code>" picks one, and that key says which algorithm it is for."
                </p>
            }
            .into_any();
        }
        KeyKind::Jwk => ("JWK, or a set of them", "As JSON. From a set the token’s kid picks one."),
        KeyKind::Pem => ("Public key", "From BEGIN PUBLIC KEY to END PUBLIC KEY."),
        KeyKind::Secret => ("Secret", "As text. A secret that is written in Base64 goes into a JWK (kty oct)."),
    };
    view! {
        <div class="field">
            <label for="key-text">{label}</label>
            <textarea
                id="key-text"
                class="code"
                rows=if kind == KeyKind::Secret { 1 } else { 5 }
                spellcheck="false"
                autocomplete="off"
                aria-describedby="key-hint"
                prop:value=bench.key
                on:input:target=move |event| bench.set_key(event.target().value())
            ></textarea>
            <p class="hint" id="key-hint">{hint}</p>
        </div>
        <div class="field">
            <label for="key-alg">"The algorithm that the key is for"</label>
            <select id="key-alg" on:change:target=move |event| bench.set_alg(event.target().value())>
                {kind
                    .algorithms()
                    .iter()
                    .map(|alg| view! {
                        <option value=*alg selected=move || bench.alg.with(|chosen| chosen == alg)>
                            {if alg.is_empty() { "as the key says" } else { alg }}
                        </option>
                    })
                    .collect_view()}
            </select>
        </div>
    }
    .into_any()
}
