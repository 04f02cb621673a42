//! A program to copy.

use crate::ui::components::copy_button::CopyButton;
use leptos::prelude::*;

/// The issuer that the programs name where nobody says otherwise.
const DEFAULT_ISSUER: &str = "http://127.0.0.1:3000";

/// A program, with this page's origin as its issuer once it is known.
#[component]
pub fn Snippet(
    /// The id of its heading.
    id: &'static str,
    /// What it is written with.
    name: &'static str,
    /// How to run it.
    run: &'static str,
    /// The program.
    text: &'static str,
    /// This page's origin; `None` before it is known.
    #[prop(into)]
    origin: Signal<Option<String>>,
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
) -> impl IntoView {
    let shown = Signal::derive(move || match origin.get() {
        Some(origin) => text.replace(DEFAULT_ISSUER, &origin),
        None => text.to_owned(),
    });
    view! {
        <section class="snippet" aria-labelledby=id>
            <h3 id=id>{name}</h3>
            <div class="actions">
                <code class="run">{run}</code>
                <CopyButton text=shown label="Copy" ready/>
            </div>
            <pre tabindex="0" role="region" aria-label=format!("The program with {name}")><code>{shown}</code></pre>
        </section>
    }
}
