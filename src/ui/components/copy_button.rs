//! The button that copies.

use crate::ui::clipboard;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Copies a text, and says whether that went well.
#[component]
pub fn CopyButton(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// What the button says.
    label: &'static str,
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
) -> impl IntoView {
    let said = RwSignal::new("");
    let copy = move |_| {
        spawn_local(async move {
            let copied = clipboard::copy(text.get_untracked()).await;
            said.try_set(if copied { "Copied." } else { "The browser did not allow it; select the text and copy it." });
        });
    };
    view! {
        <span class="copy">
            <button type="button" class="button quiet small" disabled=move || !ready.get() on:click=copy>{label}</button>
            <span class="copy-said" role="status">{said}</span>
        </span>
    }
}
