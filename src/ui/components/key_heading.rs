//! The head of a key's page.

use super::motif::KeyGlyph;
use crate::ui::focus::MAIN_HEADING;
use crate::ui::key::Key;
use leptos::prelude::*;

/// The key's name with its sign, and what it is in one sentence.
#[component]
pub fn KeyHeading(
    /// Which key.
    which: Key,
    /// One sentence.
    lede: &'static str,
) -> impl IntoView {
    view! {
        <header class="key-heading">
            <KeyGlyph which/>
            <h1 id=MAIN_HEADING tabindex="-1">{which.name()}</h1>
            <p class="lede">{lede}</p>
            <p class="shortcut"><a href="#door" rel="external">"Straight to the door"</a></p>
        </header>
    }
}
