//! The Basic header taken apart: Base64 turned back before your eyes.

use super::reveal::Reveal;
use crate::wire::base64url::encode_standard;
use leptos::prelude::*;

/// What travels with each Basic call, and what anyone on the way could read from it.
#[component]
pub fn HeaderInspector(
    /// The account's name.
    username: String,
    /// Its password.
    password: String,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let plain = format!("{username}:{password}");
    let encoded = encode_standard(&plain);
    let steps = move || {
        if !shown.get() {
            return view! {
                <p class="secret masked"><code>"Authorization: Basic ••••••••••••"</code></p>
            }
            .into_any();
        }
        view! {
            <ol class="steps-apart">
                <li>
                    <span class="step-name">"The header, with every single call"</span>
                    <code class="secret">"Authorization: Basic "<span class="part-key">{encoded.clone()}</span></code>
                </li>
                <li>
                    <span class="step-name">"Base64 turned back: no key needed, anyone can"</span>
                    <code class="secret part-key">{plain.clone()}</code>
                </li>
                <li>
                    <span class="step-name">"Split at the first colon; later ones belong to the password"</span>
                    <dl class="facts">
                        <div><dt>"user"</dt><dd>{username.clone()}</dd></div>
                        <div><dt>"secret"</dt><dd>{password.clone()}</dd></div>
                    </dl>
                </li>
            </ol>
        }
        .into_any()
    };
    view! {
        <section class="panel inspector" aria-labelledby="inspect-heading">
            <h2 id="inspect-heading">"What travels"</h2>
            <p>"Base64 is an alphabet, not a cipher. Only TLS around the call keeps this header from being read on the way."</p>
            <Reveal shown/>
            {steps}
        </section>
    }
}
