//! `/basic`: the wiki behind HTTP Basic.

use crate::ui::api;
use crate::ui::components::balance::Balance;
use crate::ui::components::break_it::BreakIt;
use crate::ui::components::challenge::Challenge;
use crate::ui::components::exchange::{Exchange, Voice};
use crate::ui::components::header_inspector::HeaderInspector;
use crate::ui::components::key_heading::KeyHeading;
use crate::ui::components::lab::Lab;
use crate::ui::components::refusal::RefusalAlert;
use crate::ui::components::second_realm::SecondRealm;
use crate::ui::components::sign_in_form::SignInForm;
use crate::ui::components::sign_out::SignOut;
use crate::ui::components::wiki_region::WikiRegion;
use crate::ui::fetched::{fetched, later};
use crate::ui::focus;
use crate::ui::key::Key;
use crate::ui::labs::Attack;
use crate::ui::recorder;
use crate::ui::session::{self, BasicCredentials, Session};
use crate::ui::wiki::Wiki;
use crate::wire::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

/// The page.
#[component]
pub fn BasicPage() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <Title text="HTTP Basic"/>
        <Lab class=Key::Basic.class()>
            <KeyHeading which=Key::Basic lede="A name and a password, with every call. The oldest key, and still the simplest."/>
            <Lesson session/>
            <div id="door">
                <Show when=move || session.basic.with(Option::is_some) fallback=move || view! { <SignIn session/> }>
                    {later(signed_in(session))}
                </Show>
            </div>
            <BreakIt attacks=&Attack::BASIC ready=session.ready/>
        </Lab>
    }
}

#[component]
fn Lesson(session: Session) -> impl IntoView {
    view! {
        <section class="lesson" aria-labelledby="lesson-heading">
            <h2 id="lesson-heading">"What it is"</h2>
            <p>
                "The server answers a call without credentials with 401 and a challenge. The challenge names a "
                <em>"realm"</em>
                ": the part of the house that these credentials open. The client calls again with the name and the password, joined by a colon and written in Base64. It does so for each call from then on, because the server remembers nobody."
            </p>
            <p>
                "Base64 hides nothing. It only turns any bytes into harmless letters. Without TLS, everyone on the way reads the password."
            </p>
            <Exchange
                caption="The challenge, and the answer to it"
                lines=&[
                    (Voice::Ask, "GET /api/basic/pages"),
                    (Voice::Answer, "401 Unauthorized\nWWW-Authenticate: Basic realm=\"Three Keys pages\", charset=\"UTF-8\""),
                    (Voice::Ask, "GET /api/basic/pages\nAuthorization: Basic YWxpY2U6d29uZGVybGFuZA=="),
                    (Voice::Answer, "200 OK"),
                ]
            />
            <Challenge path="/api/basic/pages" ready=session.ready/>
            <Balance
                good=&[
                    "Every client speaks it, without a library.",
                    "There is no session to keep and no token to renew.",
                    "Realms keep parts of a server apart.",
                ]
                bad=&[
                    "The password travels with every call, and every application has to keep it.",
                    "One application cannot be shut out: a new password shuts out all of them.",
                    "It cannot be limited to some resources: whoever holds the password may do all that you may.",
                ]
            />
        </section>
    }
}

fetched! {
    in dealings:
    /// Basic knows no sign-in of its own: the first call that is let through is the proof.
    async fn try_to_sign_in(credentials: BasicCredentials) -> Result<(), Problem> {
        session::try_basic(&credentials);
        let answer = api::profile(Key::Basic).await;
        session::keep_basic(answer.is_ok().then_some(credentials));
        answer.map(drop)
    }
}

fetched! {
    in dealings:
    fn signed_in(session: Session) -> AnyView {
        view! { <SignedIn session/> }.into_any()
    }
}

#[component]
fn SignIn(session: Session) -> impl IntoView {
    let busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<Problem>);
    let sign_in = Callback::new(move |(username, password): (String, String)| {
        let credentials = BasicCredentials { username, password };
        busy.set(true);
        refusal.set(None);
        spawn_local(async move {
            let answer = try_to_sign_in(credentials).await;
            busy.try_set(false);
            match answer {
                Ok(()) => focus::soon(focus::WIKI_HEADING),
                Err(problem) => {
                    refusal.try_set(Some(problem));
                }
            }
        });
    });
    view! {
        <section class="panel" aria-labelledby="sign-in-heading">
            <h2 id="sign-in-heading">"Take the key"</h2>
            {move || refusal.get().map(|problem| view! { <RefusalAlert asked="let you in" problem/> })}
            <SignInForm ready=session.ready busy on_sign_in=sign_in/>
        </section>
    }
}

#[component]
fn SignedIn(session: Session) -> impl IntoView {
    let wiki = Wiki::new(Key::Basic);
    Effect::new(move |_| wiki.load());
    let sign_out = Callback::new(move |()| {
        session::keep_basic(None);
        recorder::forget_secrets();
        focus::soon(focus::MAIN_HEADING);
    });
    view! {
        <WikiRegion wiki/>
        {move || session.basic.get().map(|credentials| {
            let BasicCredentials { username, password } = credentials.clone();
            view! {
                <HeaderInspector username password/>
                <SecondRealm credentials/>
            }
        })}
        <SignOut
            explanation="HTTP Basic has no way out: the server remembers nobody, so there is nothing to end. This tab forgets the password, and that is all."
            on_sign_out=sign_out
        />
    }
}
