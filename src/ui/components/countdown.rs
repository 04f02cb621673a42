//! How long a token still lives.

use crate::ui::dates;
use leptos::prelude::*;
use std::time::Duration;

/// Counts down to a moment, once a second.
#[component]
pub fn Countdown(
    /// When it ends, in seconds since 1970-01-01 UTC.
    until: i64,
) -> impl IntoView {
    let now = RwSignal::new(dates::now());
    Effect::new(move |_| {
        if let Ok(ticking) = set_interval_with_handle(move || now.set(dates::now()), Duration::from_secs(1)) {
            on_cleanup(move || ticking.clear());
        }
    });
    let left = move || match until - now.get() {
        left if left <= 0 => "expired".to_owned(),
        left => format!("{}:{:02} left", left / 60, left % 60),
    };
    view! { <span class="countdown" class:over=move || until <= now.get()>{left}</span> }
}
