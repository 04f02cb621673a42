//! Moving the keyboard focus, so that nobody is left behind when the page changes under them.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

/// The id of each page's `h1`.
pub const MAIN_HEADING: &str = "main-heading";

/// The id of the wiki's heading, which is there while somebody is signed in.
pub const WIKI_HEADING: &str = "wiki-heading";

/// Focuses the element of that id once it is drawn; the page's main heading where there is no such element.
pub fn soon(id: &'static str) {
    soon_by_name(id.to_owned());
}

/// The same for a name that is made up at run time.
pub fn soon_by_name(id: String) {
    request_animation_frame(move || {
        let found = document().get_element_by_id(&id).or_else(|| document().get_element_by_id(MAIN_HEADING));
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// Brings the element of that id into view once it is drawn, where it is not; the focus stays.
pub fn reveal(id: String) {
    #[cfg(feature = "hydrate")]
    request_animation_frame(move || {
        let Some(element) = document().get_element_by_id(&id) else { return };
        let bounds = element.get_bounding_client_rect();
        let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or_default();
        if bounds.top() < 0.0 || bounds.top() > height * 0.8 {
            element.scroll_into_view();
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}
