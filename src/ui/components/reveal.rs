//! The button that shows a secret, and hides it again.

use leptos::prelude::*;

/// A toggle; its state is announced, not only drawn.
#[component]
pub fn Reveal(
    /// Whether the secret is shown.
    shown: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button quiet reveal"
            aria-pressed=move || shown.get().to_string()
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            "Reveal"
        </button>
    }
}
