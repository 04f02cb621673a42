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
    request_animation_frame(move || {
        let found = document().get_element_by_id(id).or_else(|| document().get_element_by_id(MAIN_HEADING));
        if let Some(element) = found.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}
