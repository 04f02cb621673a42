//! The banner: the house's name, and the way to each key.

use super::motif::{DoorGlyph, KeyGlyph};
use crate::ui::key::Key;
use leptos::prelude::*;
use leptos_router::components::A;

/// What stands beside the labs: path and name.
const TOOLS: [(&str, &str); 5] = [
    ("/trip-planner", "Trip planner"),
    ("/compare", "Compare"),
    ("/inspector", "Inspector"),
    ("/connect", "Connect"),
    ("/audit", "Audit log"),
];

/// The banner with the main navigation.
#[component]
pub fn Header() -> impl IntoView {
    view! {
        <header class="site-header">
            <div class="site-header-inner">
                <A href="/" exact=true attr:class="brand">
                    <DoorGlyph/>
                    <span>"Three Keys"</span>
                </A>
                <nav aria-label="Main">
                    <ul class="nav-keys">
                        {Key::ALL
                            .map(|key| {
                                view! {
                                    <li class=key.class()>
                                        <A href=key.path()>
                                            <KeyGlyph which=key/>
                                            <span>{key.short_name()}</span>
                                        </A>
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                    <ul class="nav-tools">
                        {TOOLS
                            .map(|(path, name)| view! { <li><A href=path>{name}</A></li> })
                            .collect_view()}
                    </ul>
                </nav>
            </div>
        </header>
    }
}
