//! Copying text, where the browser allows it.

/// Copies the text; whether that worked.
pub async fn copy(text: String) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let Some(window) = web_sys::window() else { return false };
        let copying = window.navigator().clipboard().write_text(&text);
        wasm_bindgen_futures::JsFuture::from(copying).await.is_ok()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = text;
        false
    }
}
