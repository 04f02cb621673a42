//! A button that counts, hydrated: as little as a Leptos application can be.

use leptos::prelude::*;
use leptos::wasm_bindgen::prelude::wasm_bindgen;

#[component]
fn App() -> impl IntoView {
    let count = RwSignal::new(0);
    view! { <button on:click=move |_| count.update(|count| *count += 1)>{count}</button> }
}

/// Brings the button to life.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
