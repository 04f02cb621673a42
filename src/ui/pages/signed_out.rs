//! `/signed-out`: where the authorization server sends people after it ended their session.

use crate::ui::focus::MAIN_HEADING;
use crate::ui::key::Key;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn SignedOutPage() -> impl IntoView {
    view! {
        <Title text="Signed out"/>
        <div class=format!("key-page narrow {}", Key::Oauth.class())>
            <h1 id=MAIN_HEADING tabindex="-1">"Signed out"</h1>
            <p>"Your session at the authorization server has ended. The next application that sends you there will ask for your password again."</p>
            <p>"Tokens that applications hold already are another matter: they live until they expire or are revoked."</p>
            <p><a class="button" href=Key::Oauth.path()>"Back to the OAuth page"</a></p>
        </div>
    }
}
