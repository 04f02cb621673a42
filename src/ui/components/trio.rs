//! The trio: who talks to whom, and what each may know.

use leptos::prelude::*;

/// Three boxes and the conversations between them.
#[component]
pub fn Trio() -> impl IntoView {
    view! {
        <figure class="trio">
            <div class="trio-row">
                <div class="actor">
                    <h3>"Authorization server"</h3>
                    <p>"Knows the accounts. The only one that sees the password under OAuth. Issues tokens, and takes them back."</p>
                </div>
                <p class="talk">
                    <span class="talk-line">"signs in, consents"</span>
                    <span class="talk-line back">"code, then tokens"</span>
                </p>
                <div class="actor actor-ui">
                    <h3>"User interface"</h3>
                    <p>"This page, in your browser. Keeps the key in this tab's session storage and adds it to each call."</p>
                </div>
                <p class="talk">
                    <span class="talk-line">"call with a key"</span>
                    <span class="talk-line back">"page, 401 or 403"</span>
                </p>
                <div class="actor">
                    <h3>"Resource server"</h3>
                    <p>"Keeps the wiki. Checks the key of every call, one after the other, and remembers no visitor."</p>
                </div>
            </div>
            <p class="trust-line"><span>"public keys, so that it can check a signature without asking"</span></p>
            <figcaption>
                "Behind Basic and JWT the resource server does the sign-in as well. OAuth takes that burden, and the password, away from it."
            </figcaption>
        </figure>
    }
}
