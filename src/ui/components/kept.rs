//! Where the browser keeps a key, and how long it is good for.

use super::countdown::Countdown;
use leptos::prelude::*;

/// The place and the time that is left.
#[component]
pub fn Kept(
    /// The name of the entry in session storage.
    entry: &'static str,
    /// When it ends, in seconds since 1970-01-01 UTC, as far as that is known.
    #[prop(into)]
    until: Option<i64>,
) -> impl IntoView {
    view! {
        <p class="kept">
            "Kept in this tab’s session storage as " <code>{entry}</code>
            ": gone with the tab, unseen by other tabs, never sent by itself, and readable by any script that runs on this page. "
            {until.map(|until| view! { <Countdown until/> })}
        </p>
    }
}
