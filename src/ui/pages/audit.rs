//! `/audit`: the audit log, followed live by those who may read it.

use crate::ui::audit_tail::source::Source;
use crate::ui::audit_tail::tail::Tail;
use crate::ui::components::audit::auditor_form::AuditorForm;
use crate::ui::components::audit::event_table::EventTable;
use crate::ui::components::audit::filter_form::FilterForm;
use crate::ui::components::audit::signed_out::SignedOut;
use crate::ui::components::refusal::RefusalAlert;
use crate::ui::focus::MAIN_HEADING;
use crate::ui::session::Session;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let tail = Tail::new();
    // A refreshed token is no other key.
    let held = Memo::new(move |_| Source::held(session));
    Effect::new(move |_| {
        if session.ready.get() {
            tail.open(held.get());
        }
    });
    Effect::new(move |_| tail.follow());
    let as_auditor = Callback::new(move |credentials| tail.open(vec![Source::Auditor(credentials)]));
    let again = move |_| tail.open(tail.source.get_untracked().into_iter().collect());
    view! {
        <Title text="Audit log"/>
        <div class="audit-page">
            <header class="key-heading">
                <h1 id=MAIN_HEADING tabindex="-1">"Audit log"</h1>
                <p class="lede">"Who did what with which key, and which check said no. It holds no secret: no password, no token, no code."</p>
            </header>
            <Lesson/>
            <section class="panel" aria-labelledby="log-heading">
                <h2 id="log-heading">"The log"</h2>
                {move || match (tail.source.get(), tail.refusal.get()) {
                    (None, _) => view! { <SignedOut/> }.into_any(),
                    (Some(source), None) => view! { <p class="hint">"Read with "{source.name()}"."</p> }.into_any(),
                    (Some(source), Some(problem)) => view! {
                        <RefusalAlert asked="show the audit log" problem>
                            <p>"It was asked with "{source.name()}"."</p>
                            <p><button type="button" class="button" on:click=again>"Try again"</button></p>
                        </RefusalAlert>
                    }
                    .into_any(),
                }}
                <Show when=move || tail.source.with(Option::is_some) && tail.refusal.with(Option::is_none)>
                    <Events tail/>
                </Show>
                <Show when=move || !matches!(tail.source.get(), Some(Source::Auditor(_))) || tail.refusal.with(Option::is_some)>
                    <AuditorForm ready=session.ready on_open=as_auditor/>
                </Show>
                <noscript>"Following the log needs JavaScript. It can be read without: curl -u auditor 'http://127.0.0.1:3000/api/basic/audit?limit=20'"</noscript>
            </section>
        </div>
    }
}

/// What is shown once the log is open.
#[component]
fn Events(tail: Tail) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let filter = tail.filter.get();
        tail.events
            .with(|events| events.iter().flatten().filter(|event| filter.takes(event)).cloned().collect::<Vec<_>>())
    });
    let actions = Memo::new(move |_| {
        let mut actions: Vec<String> =
            tail.events.with(|events| events.iter().flatten().map(|event| event.action.clone()).collect());
        actions.sort_unstable();
        actions.dedup();
        actions
    });
    let is_empty = Memo::new(move |_| shown.with(Vec::is_empty));
    view! {
        <Show when=move || tail.events.with(Option::is_some) fallback=|| view! { <p role="status">"Reading the log …"</p> }>
            <FilterForm filter=tail.filter actions/>
            <p class="actions">
                <button type="button" class="button" aria-pressed=move || tail.paused.get().to_string()
                    on:click=move |_| tail.paused.update(|paused| *paused = !*paused)>"Pause"</button>
                <span class="hint">{move || if tail.paused.get() { "Paused." } else { "Read again every two seconds while you look." }}</span>
                <span role="status">{tail.said}</span>
            </p>
            <Show when=move || !is_empty.get() fallback=|| view! { <p class="hint">"No event fits."</p> }>
                <EventTable events=shown/>
            </Show>
            <Show when=move || tail.has_earlier.get()>
                <button type="button" class="button quiet" on:click=move |_| tail.load_earlier()>"Load earlier"</button>
            </Show>
        </Show>
    }
}

#[component]
fn Lesson() -> impl IntoView {
    view! {
        <section class="lesson" aria-labelledby="lesson-heading">
            <h2 id="lesson-heading">"What is written down"</h2>
            <p>
                "Each refusal of credentials that were shown, each change, each sign-in and each token. The same refusal within a moment is one row with a count, so that a flood of guesses does not bury everything else. Lines are appended and never changed: the database refuses it."
            </p>
            <p>
                "Reading the log is written down too, and following it live is a reading every two seconds. Those rows are hidden until you ask for them."
            </p>
            <p>
                "Only admins may read it, with the scope "
                <code>"audit:read"</code>
                " where the key is OAuth. Behind HTTP Basic it is a second "
                <em>"realm"</em>
                " with an account of its own: there no role says who may read, but another password."
            </p>
        </section>
    }
}
