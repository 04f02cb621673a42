//! The button that copies, and says that it did.

use crate::ui::clipboard;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Copies what it is asked for at that moment.
#[component]
pub fn CopyButton(
    /// What the button says.
    label: &'static str,
    /// The text to copy.
    #[prop(into)]
    text: Callback<(), String>,
) -> impl IntoView {
    let outcome = RwSignal::new("");
    let copy = move |_| {
        let text = text.run(());
        spawn_local(async move {
            let words = if clipboard::copy(text).await { "Copied" } else { "The browser does not allow it" };
            outcome.try_set(words);
        });
    };
    view! {
        <span class="copy">
            <button type="button" class="button quiet small" on:click=copy>{label}</button>
            <span class="hint" role="status">{outcome}</span>
        </span>
    }
}
