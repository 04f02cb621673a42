//! `/jwt`: the wiki behind a signed token.

use crate::resource_server::sign_in as door;
use crate::ui::components::balance::Balance;
use crate::ui::components::break_it::BreakIt;
use crate::ui::components::exchange::{Exchange, Voice};
use crate::ui::components::kept::Kept;
use crate::ui::components::key_heading::KeyHeading;
use crate::ui::components::lab::Lab;
use crate::ui::components::refusal::RefusalAlert;
use crate::ui::components::sign_in_form::SignInForm;
use crate::ui::components::sign_out::SignOut;
use crate::ui::components::token_inspector::{Specimen, TokenInspector};
use crate::ui::components::wiki_region::WikiRegion;
use crate::ui::fetched::{fetched, later};
use crate::ui::focus;
use crate::ui::key::Key;
use crate::ui::labs::Attack;
use crate::ui::recorder;
use crate::ui::session::{self, Session};
use crate::ui::wiki::Wiki;
use crate::wire::jwt::decode_unverified;
use crate::wire::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

/// The page.
#[component]
pub fn JwtPage() -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <Title text="JSON Web Token"/>
        <Lab class=Key::Jwt.class()>
            <KeyHeading which=Key::Jwt lede="Show the password once, and a signed token from then on. The server checks a signature and looks nothing up."/>
            <Lesson/>
            <div id="door">
                <Show when=move || session.jwt.with(Option::is_some) fallback=move || view! { <SignIn session/> }>
                    {later(signed_in(session))}
                </Show>
            </div>
            <BreakIt attacks=&Attack::JWT ready=session.ready/>
        </Lab>
    }
}

#[component]
fn Lesson() -> impl IntoView {
    view! {
        <section class="lesson" aria-labelledby="lesson-heading">
            <h2 id="lesson-heading">"What it is"</h2>
            <p>
                "A JSON Web Token says who its holder is, who issued it, for whom, and until when. The issuer signs these claims. So the token is "
                <em>"self-contained"</em>
                ": a server that knows the issuer’s public key needs nothing else, and keeps no session. It is "
                <em>"stateless"</em>
                ". The browser keeps the token and shows it with each call."
            </p>
            <p>
                "That is also where the criticism starts. What nobody keeps, nobody can take back: to end a token before its expiry, the server needs a store again, and asks it on every call. The keys and the header are an attack surface of their own: a server that believes the header’s "
                <code>"alg"</code>
                " can be talked into accepting anything."
            </p>
            <Exchange
                caption="The password once, the token from then on"
                lines=&[
                    (Voice::Ask, "POST /api/jwt/sign_in\n{\"username\":\"alice\",\"password\":\"…\"}"),
                    (Voice::Answer, "200 OK\n{\"access_token\":\"eyJ…\",\"token_type\":\"Bearer\",\"expires_in\":…}"),
                    (Voice::Ask, "GET /api/jwt/pages\nAuthorization: Bearer eyJ…"),
                    (Voice::Answer, "200 OK"),
                ]
            />
            <Balance
                good=&[
                    "The password is shown once; afterwards only the token travels.",
                    "No lookup: any server that knows the public key can check it by itself.",
                    "It ends by itself, at its expiry.",
                ]
                bad=&[
                    "Early invalidation needs a store, and with it the statelessness is gone.",
                    "Keys, algorithms and headers are an attack surface; the checks must be strict and in order.",
                    "Whoever holds the token is you, until it expires; and the application still saw your password.",
                ]
            />
        </section>
    }
}

fetched! {
    in dealings:
    async fn try_to_sign_in(username: String, password: String) -> Result<(), Problem> {
        let signed_in = door::sign_in(username, password).await?;
        session::keep_jwt(Some(signed_in.access_token));
        Ok(())
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
        busy.set(true);
        refusal.set(None);
        spawn_local(async move {
            let answer = try_to_sign_in(username, password).await;
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
    let wiki = Wiki::new(Key::Jwt);
    Effect::new(move |_| wiki.load());
    let sign_out = Callback::new(move |()| {
        spawn_local(async move {
            // The token is forgotten even if the server cannot be told: then it lives on, unused, until it expires.
            let _ = door::sign_out().await;
            session::keep_jwt(None);
            recorder::forget_secrets();
            focus::soon(focus::MAIN_HEADING);
        });
    });
    let tokens = Signal::derive(move || {
        let specimen = |token| Specimen {
            name: "The token",
            purpose: "Signed by this server, shown to it with each call.",
            token,
        };
        session.jwt.get().map(specimen).into_iter().collect::<Vec<_>>()
    });
    view! {
        <WikiRegion wiki/>
        <TokenInspector tokens>
            {move || session.jwt.get().map(|token| view! { <Kept entry=session::JWT until=expiry(&token)/> })}
        </TokenInspector>
        <SignOut
            explanation="This tab forgets the token, and tells the server that it is void. Only a guard that asks the store of revoked tokens will notice: a copy would still open the stateless door until it expires."
            on_sign_out=sign_out
        />
    }
}

/// When a token ends, by its own word.
fn expiry(token: &str) -> Option<i64> {
    decode_unverified(token)?.claims["exp"].as_i64()
}
