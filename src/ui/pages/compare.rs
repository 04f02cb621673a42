//! `/compare`: what each key costs, measured here and now, and what no measurement tells.

use crate::ui::components::compare::chart::Chart;
use crate::ui::components::compare::key_table::{KeyTable, Question};
use crate::ui::components::compare::measure_form::MeasureForm;
use crate::ui::components::compare::readable::Readable;
use crate::ui::components::compare::result_table::ResultTable;
use crate::ui::components::compare::storage_table::StorageTable;
use crate::ui::dates;
use crate::ui::focus::MAIN_HEADING;
use crate::ui::measurement::run::Measurement;
use crate::ui::session::Session;
use leptos::prelude::*;
use leptos_meta::Title;

const QUESTIONS: [Question; 6] = [
    (
        "Can it be limited to a part?",
        [
            "No. Only another account with another role",
            "By role, put in when it is signed",
            "By scope, by audience, and by role",
        ],
    ),
    (
        "Can one application be shut out?",
        [
            "No. A new password shuts out all of them",
            "No. All of a person’s tokens look alike",
            "Yes. Its grant is revoked, and the others stay",
        ],
    ),
    (
        "How soon does a revocation work?",
        [
            "At the next call: the new password voids what was remembered",
            "At its expiry, 15 minutes here. The revocable guard: at the next call, for one read of the store",
            "At the next call here, by a feed of what was revoked. Without one at its expiry",
        ],
    ),
    (
        "Can it be shared with another application?",
        [
            "Only by handing over the password, with all that it opens",
            "Only by handing over the token, with all that it opens",
            "No need to: each application gets its own, for its own scope",
        ],
    ),
    (
        "What does a thief get?",
        [
            "Everything, until somebody notices",
            "Everything, until the token expires",
            "One scope at one API, for minutes; with DPoP nothing without the key",
        ],
    ),
    (
        "Who must be trusted with the password?",
        [
            "Every application and every server that is called",
            "The application and the server, at sign-in",
            "The authorization server alone",
        ],
    ),
];

/// The page.
#[component]
pub fn ComparePage() -> impl IntoView {
    let session = expect_context::<Session>();
    let measurement = Measurement::new();
    let start = Callback::new(move |()| {
        let tokens = session.oauth.get_untracked().filter(|tokens| !tokens.is_expired(dates::now()));
        measurement.start(tokens.map(|tokens| tokens.access_token));
    });
    view! {
        <Title text="The keys compared"/>
        <div class="compare-page">
            <header class="key-heading">
                <h1 id=MAIN_HEADING tabindex="-1">"The keys compared"</h1>
                <p class="lede">"What each key costs, measured by your own browser, and what no stopwatch shows."</p>
            </header>
            <section class="panel" aria-labelledby="measure-heading">
                <h2 id="measure-heading">"What it costs"</h2>
                <MeasureLesson/>
                <MeasureForm measurement ready=session.ready on_start=start/>
                {move || {
                    let tallies = measurement.tallies.get();
                    (!tallies.is_empty()).then(|| view! {
                        <Chart tallies=tallies.clone()/>
                        <ResultTable tallies/>
                    })
                }}
            </section>
            <section aria-labelledby="limits-heading">
                <h2 id="limits-heading">"What can be limited, revoked and shared"</h2>
                <KeyTable id="limits-caption" caption="The same questions to each key" questions=&QUESTIONS/>
            </section>
            <section aria-labelledby="storage-heading">
                <h2 id="storage-heading">"Where the browser keeps it"</h2>
                <StorageLesson/>
                <StorageTable/>
                <Readable ready=session.ready/>
            </section>
        </div>
    }
}

#[component]
fn MeasureLesson() -> impl IntoView {
    view! {
        <div class="prose">
            <p>
                "The list of pages, once under each key and once without any guard, as the demo person bob. A JWT is fetched for it; for OAuth the access token of this tab is used, if there is one. The revocable door has only the profile to give, so its answer is shorter."
            </p>
            <p>
                "Bytes: of the request the line and the key, because the browser’s other fields are the same for all; of the answer the head and the body before compression. Time: from asking to the last byte, as finely as the browser’s clock tells. The guard’s own time and its checks are the server’s word, asked for with "
                <code>"Prefer: explain"</code>
                "; only a demo gives it."
            </p>
            <p>
                "Store reads: Basic reads the account when it checks a password, and not while that very password is remembered. The revocable JWT reads the store of revoked tokens each time. The others read nothing: a signature is enough, and what OAuth has revoked is kept in memory. The wiki’s own reading of its pages is not counted; it is the same for all."
            </p>
        </div>
    }
}

#[component]
fn StorageLesson() -> impl IntoView {
    view! {
        <div class="prose">
            <p>
                "Two attacks pull in opposite directions. A foreign script on the page (XSS) reads whatever scripts may read, so it takes a token out of session storage. A foreign page (CSRF) makes the browser send what it sends by itself, so it uses a cookie without ever seeing it."
            </p>
            <p>
                "There is no safe place. Session storage never sends anything by itself, and any script may read it. An HttpOnly cookie cannot be read, but it goes along with every request, so it needs a defence against CSRF; and a script that runs in the page can still act with it, from within."
            </p>
            <p>
                "So this application keeps its tokens in session storage, lets them live shortly, and puts its strength into letting no foreign script run: a Content-Security-Policy with nonces, and Trusted Types. The authorization server has no scripts at all; its session is an HttpOnly, SameSite cookie, and its forms carry tokens."
            </p>
        </div>
    }
}
