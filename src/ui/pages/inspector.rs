//! `/inspector`: tokens taken apart, verified and made, in the browser alone.

use crate::ui::components::inspector::decoder::Decoder;
use crate::ui::components::inspector::encoder::Encoder;
use crate::ui::components::inspector::lesson::InspectorLesson;
use crate::ui::focus::{self, MAIN_HEADING};
use crate::ui::inspection::bench::Bench;
use crate::ui::inspection::encoding::Made;
use crate::ui::session::Session;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use leptos_meta::Title;

/// The page.
#[component]
pub fn InspectorPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let bench = Bench::new();
    let take = move || {
        if let Some(token) = take_fragment() {
            bench.set_token(&token);
        }
    };
    Effect::new(move |_| {
        take();
        // A link that is opened in this very tab changes nothing but the fragment.
        let listening = window_event_listener(ev::hashchange, move |_| take());
        on_cleanup(move || listening.remove());
    });
    let own = Signal::derive(move || {
        let jwt = session.jwt.get().map(|token| ("JWT", token));
        let oauth = session.oauth.get();
        let access = oauth.as_ref().map(|tokens| ("access token", tokens.access_token.clone()));
        let id = oauth.and_then(|tokens| tokens.id_token).map(|token| ("ID token", token));
        [jwt, access, id].into_iter().flatten().collect::<Vec<_>>()
    });
    let inspect = Callback::new(move |(made, secret): (Made, String)| {
        bench.set_made(&made, secret);
        focus::soon("decoder-heading");
    });
    view! {
        <Title text="Token inspector"/>
        <div class="key-page key-jwt">
            <header class="key-heading">
                <h1 id=MAIN_HEADING tabindex="-1">"Token inspector"</h1>
                <p class="lede">"Paste a JSON Web Token to see what it says, find out who signed it, or make one. All of it happens in this page."</p>
            </header>
            <Decoder bench ready=session.ready own/>
            <Encoder ready=session.ready on_inspect=inspect/>
            <InspectorLesson/>
        </div>
    }
}

/// The token of `#token=…`, which the address bar and the history no longer show from then on.
fn take_fragment() -> Option<String> {
    let location = window().location();
    let hash = location.hash().ok()?;
    let token = hash.strip_prefix("#token=")?.to_owned();
    let place = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&place));
    }
    Some(token)
}
