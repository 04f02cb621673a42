//! `/`: what this is, how the three keys differ, and where to start.

use crate::ui::components::comparison::Comparison;
use crate::ui::components::motif::{DoorAndKeys, KeyGlyph};
use crate::ui::components::people::{AccountsTable, RolesTable};
use crate::ui::components::trio::Trio;
use crate::ui::focus::MAIN_HEADING;
use crate::ui::key::Key;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn HomePage() -> impl IntoView {
    view! {
        <Title text="One door, three keys"/>
        <div class="home">
            <header class="hero">
                <div>
                    <h1 id=MAIN_HEADING tabindex="-1">"One door, three keys"</h1>
                    <p class="lede">
                        "A small wiki stands behind one door. HTTP Basic, JSON Web Tokens and OAuth 2 open it, each in its own way. Use each key on the same pages, see what travels, and watch a correct server refuse."
                    </p>
                    <p class="actions">
                        <a class="button strong" href="/basic">"Start with the simplest"</a>
                        <a class="button quiet" href="#compare" rel="external">"Compare them first"</a>
                    </p>
                </div>
                <DoorAndKeys/>
            </header>
            <section aria-labelledby="trio-heading">
                <h2 id="trio-heading">"Who is who"</h2>
                <Trio/>
            </section>
            <section id="compare" aria-labelledby="compare-heading">
                <h2 id="compare-heading">"The keys compared"</h2>
                <Comparison/>
            </section>
            <section aria-labelledby="start-heading">
                <h2 id="start-heading">"Where to start"</h2>
                <Starts/>
                <Beside/>
            </section>
            <section aria-labelledby="difference-heading">
                <h2 id="difference-heading">"Who you are is not what you may do"</h2>
                <Difference/>
            </section>
        </div>
    }
}

#[component]
fn Starts() -> impl IntoView {
    let texts = [
        "New to this? Begin here: one header, and you can read it yourself. Sign in as bob, try to edit, and meet the 403.",
        "Know headers already? See what a signature changes, what the token says about you, and why it is hard to take back.",
        "Build or judge OAuth clients? Choose a scope, follow the code through the steps, and give the tokens back.",
    ];
    view! {
        <ul class="starts">
            {Key::ALL
                .into_iter()
                .zip(texts)
                .map(|(key, text)| view! {
                    <li class=format!("start {}", key.class())>
                        <KeyGlyph which=key/>
                        <h3><a href=key.path()>{key.name()}</a></h3>
                        <p>{text}</p>
                    </li>
                })
                .collect_view()}
        </ul>
    }
}

/// What stands beside the labs.
#[component]
fn Beside() -> impl IntoView {
    const PLACES: [(&str, &str, &str); 6] = [
        (
            "/trip-planner",
            "Trip planner",
            "Somebody else’s application asks to read your wiki, and never sees your password.",
        ),
        ("/compare", "Compare", "One call under each key, measured here and now: bytes, time, look-ups."),
        ("/inspector", "Inspector", "Take any JWT apart, verify it, or make one. Nothing leaves your browser."),
        ("/connect", "Connect", "Point your own client at this server: endpoints, demo clients, code to copy."),
        ("/audit", "Audit log", "Who did what, and which check refused it, while it happens."),
        ("/applications", "Your applications", "What you have allowed to whom, and the button that takes it back."),
    ];
    view! {
        <dl class="beside">
            {PLACES
                .map(|(path, name, text)| {
                    // The last one is the authorization server's own page.
                    let external = (path == "/applications").then_some("external");
                    view! { <div><dt><a href=path rel=external>{name}</a></dt><dd>{text}</dd></div> }
                })
                .collect_view()}
        </dl>
    }
}

#[component]
fn Difference() -> impl IntoView {
    view! {
        <div class="prose">
            <p>
                <strong>"Authentication"</strong>
                " answers who is calling. When it fails the server says 401: show me a better key. "
                <strong>"Authorization"</strong>
                " answers what that caller may do. When it fails the server says 403: I know you, and you may not."
            </p>
            <p>
                "Every key here ends in the same two questions. That is why the Edit button is shown to everyone who is signed in: press it as a viewer, and see which of the two says no."
            </p>
        </div>
        <div class="tables-side-by-side">
            <RolesTable/>
            <AccountsTable/>
        </div>
    }
}
