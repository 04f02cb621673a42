//! Tokens taken apart: three coloured parts, and what anyone who holds them can read.

use super::reveal::Reveal;
use crate::ui::dates;
use crate::wire::jwt::decode_unverified;
use leptos::prelude::*;
use serde_json::Value;

/// A token and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Specimen {
    /// What it is called.
    pub name: &'static str,
    /// Who it is for.
    pub purpose: &'static str,
    /// The token.
    pub token: String,
}

/// The tokens this tab holds, masked until they are revealed. What they say is shown: it is no secret to their holder.
#[component]
pub fn TokenInspector(
    /// The tokens.
    #[prop(into)]
    tokens: Signal<Vec<Specimen>>,
    /// What else is to be said of them, such as where they are kept.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    view! {
        <section class="panel inspector" aria-labelledby="inspect-heading">
            <h2 id="inspect-heading">"What travels"</h2>
            <p>
                "A signature is no seal: it stops changes, not readers. Whoever holds a token can use it, so it is masked until you ask."
            </p>
            {children.map(|children| children())}
            <Reveal shown/>
            {move || {
                tokens.get().into_iter().map(|specimen| view! { <TokenView specimen shown/> }).collect_view()
            }}
        </section>
    }
}

/// One token.
#[component]
fn TokenView(
    /// The token and what it is for.
    specimen: Specimen,
    /// Whether its text is shown.
    #[prop(into)]
    shown: Signal<bool>,
) -> impl IntoView {
    let Specimen { name, purpose, token } = specimen;
    let decoded = decode_unverified(&token);
    let is_jwt = decoded.is_some();
    let text = move || {
        if shown.get() {
            coloured(&token, is_jwt).into_any()
        } else {
            "••••••••••••••••".into_any()
        }
    };
    view! {
        <div class="token">
            <h3>{name}</h3>
            <p class="hint">{purpose}</p>
            <p class="secret" class:masked=move || !shown.get()><code>{text}</code></p>
            {match decoded {
                Some(decoded) => view! {
                    <div class="token-parts">
                        <Members title="Header" class="part-header" members=decoded.header/>
                        <Members title="Claims" class="part-claims" members=decoded.claims/>
                    </div>
                }
                .into_any(),
                None => view! { <p>"It is opaque: only the server that issued it knows what it stands for."</p> }.into_any(),
            }}
        </div>
    }
}

/// The token's text, its three parts in their colours.
fn coloured(token: &str, is_jwt: bool) -> impl IntoView {
    const CLASSES: [&str; 3] = ["part-header", "part-claims", "part-signature"];
    if !is_jwt {
        return view! { <span>{token.to_owned()}</span> }.into_any();
    }
    token
        .split('.')
        .zip(CLASSES)
        .enumerate()
        .map(|(place, (part, class))| {
            let dot = (place > 0).then_some(".");
            view! { {dot}<span class=class>{part.to_owned()}</span> }
        })
        .collect_view()
        .into_any()
}

/// The members of a JSON object, each with what it means.
#[component]
fn Members(
    /// Which part of the token.
    title: &'static str,
    /// The part's colour.
    class: &'static str,
    /// The object.
    members: Value,
) -> impl IntoView {
    let rows = match members {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let (meaning, date) = (meaning(&name), date(&name, &value));
                let plain = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
                view! {
                    <div>
                        <dt><code>{name}</code></dt>
                        <dd>
                            <code>{plain}</code>
                            {date.map(|date| view! { <span class="date">{date}</span> })}
                            {meaning.map(|meaning| view! { <span class="meaning">{meaning}</span> })}
                        </dd>
                    </div>
                }
            })
            .collect_view(),
        _ => Vec::new(),
    };
    view! {
        <div class=format!("members {class}")>
            <h4>{title}</h4>
            <dl class="facts">{rows}</dl>
        </div>
    }
}

/// The date behind a NumericDate (RFC 7519 §2), with its distance from now.
fn date(name: &str, value: &Value) -> Option<String> {
    let seconds = value.as_i64().filter(|_| matches!(name, "exp" | "iat" | "nbf" | "auth_time"))?;
    Some(format!("{}, {}", dates::in_words(seconds), dates::relative(seconds, dates::now())))
}

/// What the registered names mean.
fn meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "alg" => "the signature's algorithm; a careful server never takes it from here",
        "kid" => "which of the issuer's keys signed it",
        "typ" => "what kind of token this is",
        "iss" => "who issued it",
        "sub" => "whom it is about",
        "aud" => "for whom it is meant; others must refuse it",
        "exp" => "when it ends",
        "iat" => "when it was issued",
        "nbf" => "not to be used before",
        "jti" => "its serial number",
        "scope" => "what it may be used for",
        "client_id" => "the application that holds it",
        "auth_time" => "when the person last signed in",
        "nonce" => "binds it to one sign-in",
        "role" | "roles" => "what the account may do",
        _ => return None,
    })
}
