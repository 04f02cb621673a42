//! What a key is good at and what it is not, side by side.

use leptos::prelude::*;

/// Two lists of equal weight.
#[component]
pub fn Balance(
    /// What speaks for it.
    good: &'static [&'static str],
    /// What speaks against it.
    bad: &'static [&'static str],
) -> impl IntoView {
    let items = |texts: &'static [&'static str]| texts.iter().map(|text| view! { <li>{*text}</li> }).collect_view();
    view! {
        <div class="balance">
            <div class="balance-good">
                <h3>"What it does well"</h3>
                <ul>{items(good)}</ul>
            </div>
            <div class="balance-bad">
                <h3>"What it cannot do"</h3>
                <ul>{items(bad)}</ul>
            </div>
        </div>
    }
}
