//! Whether this tab is the one that its session belongs to.
//!
//! Browsers copy session storage into a duplicated tab, and with it the refresh token. Two holders of one refresh token
//! look like a theft: the second to use it would end the whole family (RFC 9700 §4.14.2). So the tab that got the tokens
//! holds a lock under a name of its own (W3C Web Locks) for as long as it lives; a tab that finds the lock taken is a copy.

use super::storage;

const TAB: &str = "three-keys.tab";

/// Marks this tab as the one that got the tokens.
pub(super) fn claim() {
    #[cfg(feature = "hydrate")]
    if storage::read::<String>(TAB).is_none() {
        let name = oauth2::CsrfToken::new_random().into_secret();
        storage::write(TAB, &name);
        wasm_bindgen_futures::spawn_local(async move {
            in_browser::lock(&name).await;
        });
    }
}

/// Takes the mark away, with the tokens.
pub(super) fn disclaim() {
    storage::remove(TAB);
}

/// Whether another tab that lives holds the mark that stands in this one's storage.
#[cfg(feature = "hydrate")]
pub(super) async fn is_a_copy() -> bool {
    let Some(name) = storage::read::<String>(TAB) else { return false };
    // A page that is being reloaded may need a moment to let go.
    for pause in [0, 100, 300] {
        in_browser::pause(pause).await;
        if in_browser::lock(&name).await {
            return false;
        }
    }
    true
}

#[cfg(feature = "hydrate")]
pub(in crate::ui) mod in_browser {
    use js_sys::{Function, JSON, Promise, Reflect};
    use wasm_bindgen::prelude::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    /// Takes the lock for as long as the page lives; whether it was free. A browser without locks has none taken.
    pub(super) async fn lock(name: &str) -> bool {
        request(name).await.unwrap_or(true)
    }

    async fn request(name: &str) -> Option<bool> {
        let navigator = web_sys::window()?.navigator();
        let locks = Reflect::get(&navigator, &"locks".into()).ok()?;
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let options = JSON::parse(r#"{"ifAvailable":true}"#).ok()?;
        let name = JsValue::from_str(&format!("three-keys.tab.{name}"));
        let answer = Promise::new(&mut |resolve, reject| {
            let granted = Closure::once_into_js(move |lock: JsValue| {
                let is_free = !lock.is_null();
                let _ = resolve.call1(&JsValue::NULL, &is_free.into());
                // The lock is held until this promise ends, which it never does.
                if is_free { Promise::new(&mut |_, _| ()).into() } else { JsValue::UNDEFINED }
            });
            if request.call3(&locks, &name, &options, &granted).is_err() {
                let _ = reject.call0(&JsValue::NULL);
            }
        });
        JsFuture::from(answer).await.ok().map(|answer| answer.is_truthy())
    }

    /// Waits, in milliseconds.
    pub(in crate::ui) async fn pause(milliseconds: i32) {
        let waiting = Promise::new(&mut |resolve, _| {
            if let Some(window) = web_sys::window() {
                let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
            }
        });
        let _ = JsFuture::from(waiting).await;
    }
}
