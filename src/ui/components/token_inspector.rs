//! Tokens taken apart: three coloured parts, and what anyone who holds them can read.

use super::reveal::Reveal;
use super::token_parts::{Members, coloured};
use crate::wire::jwt::decode_unverified;
use leptos::prelude::*;

/// A token and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specimen {
    /// What it is called.
    pub name: &'static str,
    /// Who it is for.
    pub purpose: &'static str,
    /// The token.
    pub token: String,
}

/// The tokens this tab holds, masked until they are revealed. What they say is shown: it is no secret to their holder.
#[component]
pub fn TokenInspector(
    /// The tokens.
    #[prop(into)]
    tokens: Signal<Vec<Specimen>>,
    /// What else is to be said of them, such as where they are kept.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    view! {
        <section class="panel inspector" aria-labelledby="inspect-heading">
            <h2 id="inspect-heading">"What travels"</h2>
            <p>
                "A signature is no seal: it stops changes, not readers. Whoever holds a token can use it, so it is masked until you ask."
            </p>
            {children.map(|children| children())}
            <Reveal shown/>
            {move || {
                tokens.get().into_iter().map(|specimen| view! { <TokenView specimen shown/> }).collect_view()
            }}
        </section>
    }
}

/// One token.
#[component]
fn TokenView(
    /// The token and what it is for.
    specimen: Specimen,
    /// Whether its text is shown.
    #[prop(into)]
    shown: Signal<bool>,
) -> impl IntoView {
    let Specimen { name, purpose, token } = specimen;
    let decoded = decode_unverified(&token);
    let is_jwt = decoded.is_some();
    let text = move || {
        if shown.get() {
            if is_jwt { coloured(&token).into_any() } else { token.clone().into_any() }
        } else {
            "••••••••••••••••".into_any()
        }
    };
    view! {
        <div class="token">
            <h3>{name}</h3>
            <p class="hint">{purpose}</p>
            <p class="secret" class:masked=move || !shown.get()><code>{text}</code></p>
            {match decoded {
                Some(decoded) => view! {
                    <div class="token-parts">
                        <Members title="Header" class="part-header" members=decoded.header/>
                        <Members title="Claims" class="part-claims" members=decoded.claims/>
                    </div>
                }
                .into_any(),
                None => view! { <p>"It is opaque: only the server that issued it knows what it stands for."</p> }.into_any(),
            }}
        </div>
    }
}
