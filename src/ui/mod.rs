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
pub mod focus;
pub mod inspection;
pub mod key;
pub mod labs;
pub mod measurement;
pub mod oauth;
pub mod pages;
pub mod recorder;
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
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;
use pages::audit::AuditPage;
use pages::basic::BasicPage;
use pages::callback::{CallbackPage, TripPlannerCallbackPage};
use pages::compare::ComparePage;
use pages::connect::ConnectPage;
use pages::home::HomePage;
use pages::inspector::InspectorPage;
use pages::jwt::JwtPage;
use pages::not_found::NotFoundPage;
use pages::oauth::OauthPage;
use pages::signed_out::SignedOutPage;
use pages::trip_planner::TripPlannerPage;
use recorder::Recorder;
use session::Session;

/// The application's root.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let (session, recorder) = (Session::provide(), Recorder::provide());
    Effect::new(move |_| {
        recorder.start();
        session.fill();
    });

    view! {
        <Title formatter=|text: String| format!("{text} · Three Keys")/>
        <Router>
            <a class="skip-link" href="#main" rel="external">"Skip to the content"</a>
            <Header/>
            <MainLandmark ready=session.ready/>
            <Footer/>
        </Router>
    }
}

/// The part that changes from route to route. After a navigation the focus goes to the new page's heading.
#[component]
fn MainLandmark(
    /// Whether the page is hydrated and the session known.
    #[prop(into)]
    ready: Signal<bool>,
) -> impl IntoView {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        match before.as_deref() {
            // Back from signing in, people want the door and not the lesson again.
            Some("/callback") => focus::soon(focus::WIKI_HEADING),
            Some(before) if before != path => focus::soon(focus::MAIN_HEADING),
            _ => {}
        }
        path
    });
    view! {
        <main id="main" tabindex="-1" data-hydrated=move || ready.get().then_some("true")>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage/>
                <Route path=path!("/basic") view=BasicPage/>
                <Route path=path!("/jwt") view=JwtPage/>
                <Route path=path!("/oauth") view=OauthPage/>
                <Route path=path!("/audit") view=AuditPage/>
                <Route path=path!("/connect") view=ConnectPage/>
                <Route path=path!("/compare") view=ComparePage/>
                <Route path=path!("/inspector") view=InspectorPage/>
                <Route path=path!("/callback") view=CallbackPage/>
                <Route path=path!("/trip-planner") view=TripPlannerPage/>
                <Route path=path!("/trip-planner/callback") view=TripPlannerCallbackPage/>
                <Route path=path!("/signed-out") view=SignedOutPage/>
            </Routes>
        </main>
    }
}
