//! Choosing what to ask the authorization server for.

use crate::ui::oauth::SCOPES;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// A checkbox for each scope token, and the button that leaves for the authorization server.
#[component]
pub fn ScopeForm(
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// Whether a sign-in is under way.
    #[prop(into)]
    busy: Signal<bool>,
    /// Takes the chosen scope tokens, to do everything at once.
    on_sign_in: Callback<Vec<String>>,
    /// Takes the chosen scope tokens, to go one step at a time.
    on_step: Callback<Vec<String>>,
) -> impl IntoView {
    let chosen = SCOPES.map(|(token, _, by_default)| (token, RwSignal::new(by_default)));
    let run = move |then: Callback<Vec<String>>| {
        if !busy.get_untracked() {
            let tokens = chosen.iter().filter(|(_, on)| on.get_untracked()).map(|(token, _)| (*token).to_owned());
            then.run(tokens.collect());
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        run(on_sign_in);
    };
    view! {
        <form class="scope-form" method="post" on:submit=submit aria-busy=move || busy.get().to_string()>
            <fieldset disabled=move || !ready.get()>
                <legend>"What this application may ask for"</legend>
                <ul class="scopes">
                    {SCOPES
                        .into_iter()
                        .zip(chosen)
                        .map(|((token, purpose, by_default), (_, on))| view! {
                            <li>
                                <label>
                                    <input
                                        type="checkbox"
                                        name="scope"
                                        value=token
                                        checked=by_default
                                        prop:checked=on
                                        on:change:target=move |event| on.set(event.target().checked())
                                    />
                                    <span>
                                        <code>{token}</code>
                                        <span class="purpose">{purpose}</span>
                                    </span>
                                </label>
                            </li>
                        })
                        .collect_view()}
                </ul>
                <div class="actions">
                    <button type="submit" class="button strong">"Sign in with OAuth"</button>
                    <button type="button" class="button" on:click=move |_| run(on_step)>"One step at a time"</button>
                </div>
            </fieldset>
            <noscript>"Signing in here needs JavaScript: this application keeps the tokens in the browser. The authorization server's own pages work without it."</noscript>
        </form>
    }
}
