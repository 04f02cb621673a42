//! The frame of a lab: the lesson, with the wire beside it.

use super::wire_panel::WirePanel;
use leptos::prelude::*;

/// What stands in it goes beside the wire.
#[component]
pub fn Lab(
    /// The key's class, for its colour.
    class: &'static str,
    /// The lesson.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("lab {class}")>
            <div class="lab-lesson key-page">{children()}</div>
            <WirePanel/>
        </div>
    }
}
