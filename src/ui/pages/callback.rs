//! `/callback` and `/trip-planner/callback`: where the authorization server sends people back to, each application to its own.

use crate::ui::focus::MAIN_HEADING;
use crate::ui::key::Key;
use crate::ui::oauth::{self, Application, Failure};
use crate::ui::session::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// The callback of this application.
#[component]
pub fn CallbackPage() -> impl IntoView {
    view! { <Arrival application=Application::ThreeKeys home="/oauth"/> }
}

/// The callback of the trip planner.
#[component]
pub fn TripPlannerCallbackPage() -> impl IntoView {
    view! { <Arrival application=Application::TripPlanner home="/trip-planner"/> }
}

/// It finishes the sign-in and goes on, or says why it cannot.
#[component]
fn Arrival(
    /// Whose answer it is.
    application: Application,
    /// Where to begin again.
    home: &'static str,
) -> impl IntoView {
    let failure = RwSignal::new(None::<Failure>);
    let navigate = use_navigate();
    let session = expect_context::<Session>();
    Effect::new(move |_| {
        if !session.ready.get() {
            return;
        }
        let query = take_query();
        let navigate = navigate.clone();
        spawn_local(async move {
            match oauth::finish(application, query).await {
                Ok(back) => navigate(&back, NavigateOptions { replace: true, ..NavigateOptions::default() }),
                Err(reason) => {
                    failure.try_set(Some(reason));
                }
            }
        });
    });
    view! {
        <Title text="Coming back"/>
        <div class=format!("key-page narrow {}", Key::Oauth.class())>
            <h1 id=MAIN_HEADING tabindex="-1">"Coming back from the authorization server"</h1>
            {move || match failure.get() {
                None => view! {
                    <p role="status">"Checking the state and the issuer, then exchanging the code for tokens …"</p>
                    <noscript>"Finishing the sign-in needs JavaScript: the proof for the exchange is kept in this tab."</noscript>
                }
                .into_any(),
                Some(reason) => view! {
                    <div class="refusal" role="alert">
                        <p class="refusal-title">"You are not signed in"</p>
                        <p>{reason.to_string()}</p>
                    </div>
                    <p><a class="button" href=home>"Begin again"</a></p>
                }
                .into_any(),
            }}
        </div>
    }
}

/// The query of the address bar, which is empty from then on: a code does not belong into the history.
fn take_query() -> String {
    let location = window().location();
    let query = location.search().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
    query
}
