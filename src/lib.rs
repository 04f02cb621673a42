//! The map of the house. One wiki is the door; HTTP Basic, JSON Web Tokens and OAuth 2 are the keys.
//!
//! - [`wire`]: what crosses the wire, seen by both halves
//! - [`ui`]: the user interface, hydrated in the browser
//! - [`resource_server`]: the wiki behind the three guards
//! - `auth_server`: OAuth 2.1 and OpenID Connect
//! - `storage`: what is kept, and the only place with SQL
//! - `host`: configuration, router, limits, start and stop

// Views are types nested as deep as the markup.
#![recursion_limit = "256"]

#[cfg(feature = "ssr")]
pub mod audit_log;
#[cfg(feature = "ssr")]
pub mod auth_server;
#[cfg(feature = "ssr")]
pub mod checks;
#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod dpop;
#[cfg(feature = "ssr")]
pub mod explanation;
#[cfg(feature = "ssr")]
pub mod host;
#[cfg(feature = "ssr")]
pub mod jose;
#[cfg(feature = "ssr")]
pub mod random;
#[cfg(feature = "ssr")]
pub mod request_id;
pub mod resource_server;
#[cfg(feature = "ssr")]
pub mod revocation_feed;
#[cfg(feature = "ssr")]
pub mod storage;
pub mod ui;
pub mod wire;

/// Brings the server-rendered page to life in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    ui::trusted_types::install();
    wasm_bindgen_futures::spawn_local(async {
        leptos::mount::hydrate_from_async(leptos::tachys::dom::body(), ui::App).await.forget();
        ui::hydrated();
    });
}
