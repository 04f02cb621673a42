//! The clipboard, which people paste from.

/// Copies; whether the browser let it. On the server there is nothing to copy to.
pub async fn copy(text: String) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let Some(window) = web_sys::window() else { return false };
        // Outside a secure context there is no clipboard, and the property is missing.
        let clipboard = window.navigator().clipboard();
        if wasm_bindgen::JsValue::is_undefined(&clipboard) {
            return false;
        }
        wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await.is_ok()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = text;
        false
    }
}
