//! What is shown where there is nothing; the server says 404 with it.

use crate::ui::focus::MAIN_HEADING;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found"/>
        <div class="key-page narrow">
            <h1 id=MAIN_HEADING tabindex="-1">"There is no door here"</h1>
            <p>"404: this address leads nowhere. No key would open it."</p>
            <p><a class="button" href="/">"Back to the first page"</a></p>
        </div>
    }
}
