//! `/oauth`: the wiki behind an access token from the authorization server.

use crate::ui::components::balance::Balance;
use crate::ui::components::break_it::BreakIt;
use crate::ui::components::exchange::{Exchange, Voice};
use crate::ui::components::kept::Kept;
use crate::ui::components::key_heading::KeyHeading;
use crate::ui::components::lab::Lab;
use crate::ui::components::scope_form::ScopeForm;
use crate::ui::components::sign_out::SignOut;
use crate::ui::components::steps::{self, Step, Steps};
use crate::ui::components::token_actions::TokenActions;
use crate::ui::components::token_inspector::{Specimen, TokenInspector};
use crate::ui::components::wiki_region::WikiRegion;
use crate::ui::fetched::{Unfetched, fetched, later};
use crate::ui::focus;
use crate::ui::key::Key;
use crate::ui::labs::Attack;
use crate::ui::oauth::{self, Application, Ask, Failure};
use crate::ui::session::{self, HeldCode, OauthTokens, Session};
use crate::ui::wiki::Wiki;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

/// The page.
#[component]
pub fn OauthPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let held = RwSignal::new(None::<HeldCode>);
    let step = RwSignal::new(None::<Step>);
    Effect::new(move |_| {
        if !session.ready.get() || !session::holds_code() {
            return;
        }
        spawn_local(async move {
            match take_held().await {
                Ok(Some(code)) if code.pending.task.as_deref() == Some(steps::TASK) => {
                    step.try_set(Some(Step::Answer(code)));
                    focus::soon("step-heading");
                }
                Ok(code) => {
                    held.try_set(code);
                }
                // It stays where it is.
                Err(Unfetched) => {}
            }
        });
    });
    view! {
        <Title text="OAuth 2"/>
        <Lab class=Key::Oauth.class()>
            <KeyHeading which=Key::Oauth lede="Let an application in without giving it your password: only to what you chose, and only until you change your mind."/>
            <Lesson/>
            <div id="door">
                <Show when=move || session.oauth.with(Option::is_some) fallback=move || view! { <SignIn session step/> }>
                    {later(signed_in(session))}
                </Show>
            </div>
            <BreakIt attacks=&Attack::OAUTH ready=session.ready held/>
        </Lab>
    }
}

#[component]
fn Lesson() -> impl IntoView {
    view! {
        <section class="lesson" aria-labelledby="lesson-heading">
            <h2 id="lesson-heading">"What it is"</h2>
            <p>
                "OAuth gives an application access to your resources without sharing your password with it. The application sends you to the "
                <em>"authorization server"</em>
                ". There you sign in and say what the application may do: its "
                <em>"scope"</em>
                ". The application gets a code, and exchanges the code for tokens. A proof that only this tab can give (PKCE) goes with the exchange, so a stolen code is worthless."
            </p>
            <p>
                "The "
                <em>"access token"</em>
                " lives for minutes and is shown to the API. The "
                <em>"refresh token"</em>
                " is shown to nobody but the authorization server; it gets the next access token, until it is revoked."
            </p>
            <Exchange
                caption="The steps"
                lines=&[
                    (Voice::Ask, "GET /oauth/authorize?response_type=code&client_id=three-keys-ui&scope=…&state=…&code_challenge=…"),
                    (Voice::Answer, "you sign in and consent, then\n303 See Other\nLocation: /callback?code=…&state=…&iss=…"),
                    (Voice::Ask, "POST /oauth/token\ngrant_type=authorization_code&code=…&code_verifier=…"),
                    (Voice::Answer, "200 OK\n{\"access_token\":\"eyJ…\",\"refresh_token\":\"…\",\"token_type\":\"Bearer\",\"scope\":\"…\"}"),
                    (Voice::Ask, "GET /api/oauth/pages\nAuthorization: Bearer eyJ…"),
                    (Voice::Answer, "200 OK"),
                ]
            />
            <Balance
                good=&[
                    "The application never sees the password.",
                    "Permission is selective: you grant a scope, not everything you may.",
                    "One application can be revoked, and the others go on.",
                ]
                bad=&[
                    "Several steps and two servers: more to understand, more to get wrong.",
                    "A bearer token is still a bearer token: whoever steals it can use it until it expires.",
                    "It says what an application may do, not who you are; OpenID Connect adds that with the ID token.",
                ]
            />
        </section>
    }
}

fetched! {
    in dealings:
    fn take_held() -> Option<HeldCode> {
        session::take_held()
    }
}

fetched! {
    in dealings:
    async fn begin(ask: Ask) -> Result<(), Failure> {
        oauth::begin(ask).await
    }
}

fetched! {
    in dealings:
    async fn prepare(ask: Ask) -> Result<Step, Failure> {
        let prepared = oauth::prepare(&ask).await?;
        Ok(Step::Request(ask, prepared))
    }
}

fetched! {
    in dealings:
    fn steps(step: Step, on_failure: Callback<Failure>) -> AnyView {
        view! { <Steps step on_failure/> }.into_any()
    }
}

fetched! {
    in dealings:
    fn signed_in(session: Session) -> AnyView {
        view! { <SignedIn session/> }.into_any()
    }
}

#[component]
fn SignIn(session: Session, step: RwSignal<Option<Step>>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<Failure>);
    let sign_in = Callback::new(move |scope: Vec<String>| {
        busy.set(true);
        failure.set(None);
        session.ended.set(None);
        let ask = Ask { application: Application::ThreeKeys, scope, back: Key::Oauth.path().to_owned(), task: None };
        spawn_local(async move {
            if let Err(reason) = begin(ask).await {
                busy.try_set(false);
                failure.try_set(Some(reason));
            }
        });
    });
    let prepare = Callback::new(move |scope: Vec<String>| {
        failure.set(None);
        session.ended.set(None);
        let task = Some(steps::TASK.to_owned());
        let ask = Ask { application: Application::ThreeKeys, scope, back: Key::Oauth.path().to_owned(), task };
        spawn_local(async move {
            match prepare(ask).await {
                Ok(prepared) => {
                    step.try_set(Some(prepared));
                    focus::soon("step-heading");
                }
                Err(reason) => {
                    failure.try_set(Some(reason));
                }
            }
        });
    });
    let on_failure = Callback::new(move |reason| {
        step.set(None);
        failure.set(Some(reason));
    });
    let message = move || session.ended.get().or_else(|| failure.get().map(|reason| reason.to_string()));
    view! {
        <section class="panel" aria-labelledby="sign-in-heading">
            <h2 id="sign-in-heading">"Take the key"</h2>
            {move || message().map(|text| view! { <div class="refusal" role="alert"><p>{text}</p></div> })}
            <p>"You leave this page for the authorization server, and come back with a code. Leave a box empty to see what the API refuses then."</p>
            <ScopeForm ready=session.ready busy on_sign_in=sign_in on_step=prepare/>
            {move || step.get().map(|step| later(steps(step, on_failure)))}
        </section>
    }
}

#[component]
fn SignedIn(session: Session) -> impl IntoView {
    let wiki = Wiki::new(Key::Oauth);
    let end_session = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        wiki.load();
        spawn_local(async move {
            end_session.try_set(oauth::end_session_url().await);
        });
    });
    let sign_out = Callback::new(move |()| {
        spawn_local(async move {
            if let Err(reason) = oauth::sign_out(Application::ThreeKeys).await {
                session.ended.set(Some(format!(
                    "This tab has forgotten its tokens, but they could not be revoked: they live until they expire. {reason}"
                )));
            }
            focus::soon(focus::MAIN_HEADING);
        });
    });
    let tokens = Signal::derive(move || session.oauth.get().map(specimens).unwrap_or_default());
    let step_up = Callback::new(move |scope: String| {
        let mut wanted: Vec<String> = session
            .oauth
            .with_untracked(|tokens| {
                tokens.as_ref().map(|tokens| tokens.scope.split(' ').map(ToOwned::to_owned).collect())
            })
            .unwrap_or_default();
        wanted.push(scope);
        let back = Key::Oauth.path().to_owned();
        let ask = Ask { application: Application::ThreeKeys, scope: wanted, back, task: None };
        spawn_local(async move {
            if let Err(reason) = oauth::begin(ask).await {
                wiki.status.try_set(reason.to_string());
            }
        });
    });
    let until =
        Signal::derive(move || session.oauth.with(|tokens| tokens.as_ref().and_then(|tokens| tokens.expires_at)));
    view! {
        <WikiRegion wiki on_step_up=step_up/>
        <TokenInspector tokens>
            {move || view! { <Kept entry=Application::ThreeKeys.slot() until=until.get()/> }}
        </TokenInspector>
        <TokenActions/>
        <SignOut
            explanation="The refresh token is revoked at the authorization server, and this application’s access ends with it. The other applications stay signed in, and so does your session at the authorization server."
            on_sign_out=sign_out
        >
            {move || end_session.get().map(|url| view! {
                <a href=url rel="external">"End the session at the authorization server too"</a>
            })}
        </SignOut>
    }
}

/// The tokens of the tab, each with whom it is for.
fn specimens(tokens: OauthTokens) -> Vec<Specimen> {
    let OauthTokens { access_token, refresh_token, id_token, .. } = tokens;
    [
        ("Access token", "For the resource server, with each call.", Some(access_token)),
        ("Refresh token", "For the authorization server alone. It is replaced each time it is used.", refresh_token),
        ("ID token", "For this application: who signed in. It never goes to an API.", id_token),
    ]
    .into_iter()
    .filter_map(|(name, purpose, token)| Some(Specimen { name, purpose, token: token? }))
    .collect()
}
