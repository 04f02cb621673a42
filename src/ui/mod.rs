//! The user interface: what people see, in the browser and rendered on the server. It may touch `wire` and call the
//! resource server's functions; it knows nothing of the servers' insides.

pub mod api;
pub mod audit_tail;
pub mod client;
pub mod clipboard;
pub mod components;
pub mod dates;
pub mod discovery;
pub mod exposed;
pub mod fetched;
pub mod focus;
pub mod inspection;
pub mod key;
pub mod labs;
pub mod measurement;
pub mod oauth;
pub mod pages;
pub mod recorder;
pub mod routes;
pub mod session;
mod shell;
#[cfg(any(feature = "hydrate", test))]
pub(crate) mod trusted_types;
#[cfg(feature = "hydrate")]
pub(crate) mod web_crypto;
pub mod wiki;

pub use shell::shell;

use components::footer::Footer;
use components::header::Header;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;
use leptos_router::hooks::use_location;
use recorder::Recorder;
use routes::Pages;
use session::Session;

/// The application's root.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let session = Session::provide();
    Recorder::provide();
    let under_way = RwSignal::new(false);

    view! {
        <Router set_is_routing=under_way>
            <a class="skip-link" href="#main" rel="external">"Skip to the content"</a>
            <Header/>
            <MainLandmark ready=session.ready under_way/>
            <Footer/>
        </Router>
        // After the page, whose code may have to be fetched: until then the title that the server gave stays.
        <Title formatter=|text: String| format!("{text} · Three Keys")/>
    }
}

/// Goes on once the page is hydrated: only then may anything be shown that the server did not know.
#[cfg(feature = "hydrate")]
pub(crate) fn hydrated() {
    session::fill();
}

/// The part that changes from route to route. After a navigation the focus goes to the new page's heading.
#[component]
fn MainLandmark(
    /// Whether the page is hydrated and the session known.
    #[prop(into)]
    ready: Signal<bool>,
    /// Whether another page is being fetched.
    #[prop(into)]
    under_way: Signal<bool>,
) -> impl IntoView {
    let path = use_location().pathname;
    let arrived_at = StoredValue::new(None::<String>);
    Effect::new(move |_| {
        let path = path.get();
        if under_way.get() {
            return;
        }
        // The path changes a moment before it is known whether its page has to be fetched.
        request_animation_frame(move || {
            if under_way.get_untracked() {
                return;
            }
            let before = arrived_at.try_update_value(|place| place.replace(path.clone())).flatten();
            match before.as_deref() {
                // Back from signing in, people want the door and not the lesson again.
                Some("/callback") => focus::soon(focus::WIKI_HEADING),
                Some(before) if before != path => focus::soon(focus::MAIN_HEADING),
                _ => {}
            }
        });
    });
    view! {
        <main id="main" tabindex="-1" data-hydrated=move || ready.get().then_some("true")>
            <Pages/>
        </main>
    }
}
