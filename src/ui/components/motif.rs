//! The drawings: the door, and a key with a bit of its own for each way in.

use crate::ui::key::Key;
use leptos::prelude::*;

/// A key. Its teeth tell the three apart without their colour.
#[component]
pub fn KeyGlyph(
    /// Which key.
    which: Key,
) -> impl IntoView {
    let teeth = match which {
        Key::Basic => "M34 15v6",
        Key::Jwt => "M28 15v6M34 15v6",
        Key::Oauth => "M26 15v6M31 15v4M36 15v6",
    };
    view! {
        <svg class=format!("key-glyph {}", which.class()) viewBox="0 0 40 24" aria-hidden="true" focusable="false">
            <circle class="stroke" cx="9" cy="12" r="6.5"></circle>
            <path class="stroke" d="M15.5 13.5H38"></path>
            <path class="stroke" d=teeth></path>
        </svg>
    }
}

/// The door with its keyhole.
#[component]
pub fn DoorGlyph() -> impl IntoView {
    view! {
        <svg class="door-glyph" viewBox="0 0 24 28" aria-hidden="true" focusable="false">
            <path class="door-leaf" d="M3 27V12a9 9 0 0 1 18 0v15z"></path>
            <path class="door-hole" d="M12 12.5a2.4 2.4 0 0 1 1.3 4.4l.9 4.6H9.8l.9-4.6a2.4 2.4 0 0 1 1.3-4.4z"></path>
        </svg>
    }
}

/// The large drawing of the first page: one door, three keys on their hooks.
#[component]
pub fn DoorAndKeys() -> impl IntoView {
    let hanging = |class: &'static str, place: &'static str, teeth: &'static str| {
        view! {
            <g class=format!("hanging {class}") transform=place>
                <path class="hook" d="M0 -14v6"></path>
                <circle class="stroke" cx="0" cy="4" r="12"></circle>
                <path class="stroke" d="M0 16v52"></path>
                <path class="stroke" d=teeth></path>
            </g>
        }
    };
    view! {
        <svg class="door-and-keys" viewBox="0 0 360 260" aria-hidden="true" focusable="false">
            <path class="wall-line" d="M0 250h360"></path>
            <path class="door-frame" d="M22 250V118a78 78 0 0 1 156 0v132z"></path>
            <path class="door-leaf" d="M34 250V118a66 66 0 0 1 132 0v132z"></path>
            <path class="door-panel" d="M50 236v-82h100v82zM50 138v-20a50 50 0 0 1 100 0v20z"></path>
            <circle class="door-plate" cx="138" cy="164" r="13"></circle>
            <path class="door-hole" d="M138 157a4.6 4.6 0 0 1 2.4 8.5l1.7 7h-8.2l1.7-7a4.6 4.6 0 0 1 2.4-8.5z"></path>
            <path class="rail" d="M206 72h142"></path>
            {hanging("key-basic", "translate(228 88)", "M0 66h14")}
            {hanging("key-jwt", "translate(277 88)", "M0 66h14M0 54h14")}
            {hanging("key-oauth", "translate(326 88)", "M0 66h14M0 56h9M0 46h14")}
        </svg>
    }
}
