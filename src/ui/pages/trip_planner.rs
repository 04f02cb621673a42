//! `/trip-planner`: somebody else's application, as far as the authorization server is concerned. It asks for consent to
//! read, and never sees a password.

use crate::ui::client::{Answered, call};
use crate::ui::components::countdown::Countdown;
use crate::ui::components::lab::Lab;
use crate::ui::focus::MAIN_HEADING;
use crate::ui::oauth::{self, Application, Ask, Failure};
use crate::ui::session::{OauthTokens, Session};
use crate::wire::pages::PageSummary;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use serde_json::json;

const PATH: &str = "/trip-planner";

/// The page.
#[component]
pub fn TripPlannerPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let failure = RwSignal::new(None::<Failure>);
    view! {
        <Title text="Trip planner"/>
        <Lab class="trip">
            <header class="trip-head">
                <p class="trip-brand" aria-hidden="true">"✈ Trip planner"</p>
                <h1 id=MAIN_HEADING tabindex="-1">"Plan trips from your own notes"</h1>
                <p class="lede">"The trip planner is another company’s application. It would like to read your wiki. It must not have your password, and it must not write."</p>
            </header>
            {move || failure.get().map(|failure| view! { <div class="refusal" role="alert"><p>{failure.to_string()}</p></div> })}
            {move || match session.trip_planner.get() {
                None => view! { <Connect ready=session.ready failure/> }.into_any(),
                Some(tokens) => view! { <Connected tokens/> }.into_any(),
            }}
            <section class="trip-card" aria-labelledby="trip-why-heading">
                <h2 id="trip-why-heading">"What happens here"</h2>
                <ul>
                    <li>"It is registered as a client of its own, "<code>"trip-planner"</code>", and may ask for "<code>"openid profile pages:read"</code>" at most."</li>
                    <li>"It sends you to the authorization server. You sign in there, on the server’s own page, and say yes or no. It always asks: this application is not ours."</li>
                    <li>"It gets an access token that lives for sixty seconds, and no refresh token."</li>
                    <li>"You can see what you allowed, and take it back, under "<a href="/applications" rel="external">"your applications"</a>". Only this application is shut out then; with Basic it would have been all of them."</li>
                </ul>
            </section>
        </Lab>
    }
}

/// The way to the authorization server.
#[component]
fn Connect(
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// Why it did not come about.
    failure: RwSignal<Option<Failure>>,
) -> impl IntoView {
    let connect = move |_| {
        failure.set(None);
        let scope = ["openid", "profile", "pages:read"].map(ToOwned::to_owned).to_vec();
        let ask = Ask { application: Application::TripPlanner, scope, back: PATH.to_owned(), task: None };
        spawn_local(async move {
            if let Err(reason) = oauth::begin(ask).await {
                failure.try_set(Some(reason));
            }
        });
    };
    view! {
        <section class="trip-card" aria-labelledby="connect-heading">
            <h2 id="connect-heading">"Connect your wiki"</h2>
            <p>"There is no password field on this page, and there never will be."</p>
            <button type="button" class="button strong" disabled=move || !ready.get() on:click=connect>"Connect with Three Keys"</button>
            <noscript>"Connecting needs JavaScript: the application runs in the browser and keeps its token there."</noscript>
        </section>
    }
}

/// The application at work.
#[component]
fn Connected(
    /// Its tokens.
    tokens: OauthTokens,
) -> impl IntoView {
    let notes = RwSignal::new(None::<Result<Vec<PageSummary>, String>>);
    let wrote = RwSignal::new(String::new());
    let authorization = format!("Bearer {}", tokens.access_token);
    let (reading, writing) = (authorization.clone(), authorization);
    let read = move || {
        let authorization = reading.clone();
        spawn_local(async move {
            let answer = call("GET", "/api/oauth/pages", &[("Authorization", &authorization)], None).await;
            notes.try_set(Some(answer.map_err(|problem| problem.detail).and_then(|answered| pages(&answered))));
        });
    };
    let read_first = read.clone();
    Effect::new(move |_| read_first());
    let write = move |_| {
        let authorization = writing.clone();
        spawn_local(async move {
            let body = json!({"slug": "trip", "title": "Trip", "body": "Lisbon in May.", "version": 0}).to_string();
            let headers = [("Authorization", authorization.as_str()), ("Content-Type", "application/json")];
            let answer = call("PUT", "/api/oauth/page", &headers, Some(&body)).await;
            wrote.try_set(answer.map_or_else(|problem| problem.detail, |answered| told(&answered)));
        });
    };
    let disconnect = move |_| {
        spawn_local(async move {
            // The token is forgotten even if the server cannot be told; it lives for less than a minute.
            let _ = oauth::sign_out(Application::TripPlanner).await;
        });
    };
    view! {
        <section class="trip-card" aria-labelledby="connected-heading">
            <h2 id="connected-heading">"Your notes"</h2>
            <p>"Connected with the scope "<code>{tokens.scope}</code>". "{tokens.expires_at.map(|until| view! { <Countdown until/> })}</p>
            {move || match notes.get() {
                None => view! { <p role="status">"Reading …"</p> }.into_any(),
                Some(Err(words)) => view! { <div class="refusal" role="alert"><p>{words}</p></div> }.into_any(),
                Some(Ok(notes)) => view! {
                    <ul class="trip-notes">
                        {notes.into_iter().map(|note| view! { <li>{note.title}</li> }).collect_view()}
                    </ul>
                }
                .into_any(),
            }}
            <div class="actions">
                <button type="button" class="button" on:click=move |_| read()>"Read again"</button>
                <button type="button" class="button" on:click=write>"Try to write"</button>
                <button type="button" class="button" on:click=disconnect>"Disconnect"</button>
            </div>
            <p role="status">{wrote}</p>
        </section>
    }
}

fn pages(answered: &Answered) -> Result<Vec<PageSummary>, String> {
    if !answered.is_ok() {
        return Err(told(answered));
    }
    serde_json::from_str(&answered.answer.body).map_err(|_| "the wiki answered something that is no list".to_owned())
}

fn told(answered: &Answered) -> String {
    if answered.is_ok() {
        "Written. That should not have been possible.".to_owned()
    } else {
        format!("{}: {}", answered.status, answered.problem().detail)
    }
}
