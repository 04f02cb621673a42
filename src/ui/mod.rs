//! The user interface: what people see, in the browser and rendered on the server. It may touch `wire` and call the
//! resource server's functions; it knows nothing of the servers' insides.

pub mod client;

use leptos::prelude::*;

/// The application's root.
#[component]
pub fn App() -> impl IntoView {}
