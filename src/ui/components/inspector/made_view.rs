//! A token fresh from the encoder.

use crate::ui::components::copy_button::CopyButton;
use crate::ui::components::token_parts::coloured;
use crate::ui::inspection::encoding::Made;
use leptos::prelude::*;

/// The token, and the public key that verifies it.
#[component]
pub fn MadeView(
    /// What was made.
    made: Made,
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// Takes it to the decoder.
    on_inspect: Callback<Made>,
) -> impl IntoView {
    let token = made.token.clone();
    let jwk = made.public_jwk.as_ref().map(|jwk| serde_json::to_string_pretty(jwk).unwrap_or_default());
    view! {
        <div class="made" data-testid="made">
            <h3>"The token"</h3>
            <p role="status" class="hint">"Signed."</p>
            <p class="secret"><code>{coloured(&token)}</code></p>
            <div class="actions">
                <CopyButton text=Signal::stored(token) label="Copy token" ready/>
                <button type="button" class="button quiet" on:click=move |_| on_inspect.run(made.clone())>
                    "Take it to the decoder"
                </button>
            </div>
            {jwk.map(|jwk| view! {
                <h3>"The public key"</h3>
                <pre class="secret" tabindex="0" role="region" aria-label="The public key as a JWK"><code>{jwk.clone()}</code></pre>
                <CopyButton text=Signal::stored(jwk) label="Copy public key" ready/>
            })}
        </div>
    }
}
