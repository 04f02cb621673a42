//! The parts of a token: each in its colour, each member with what it means.

use crate::ui::dates;
use leptos::prelude::*;
use serde_json::Value;

/// The colours of the three parts.
const CLASSES: [&str; 3] = ["part-header", "part-claims", "part-signature"];

/// A token's text, its parts in their colours; what comes after the third has none.
pub fn coloured(token: &str) -> impl IntoView + use<> {
    token
        .split('.')
        .enumerate()
        .map(|(place, part)| {
            let dot = (place > 0).then_some(".");
            let class = CLASSES.get(place).copied();
            view! { {dot}<span class=class>{part.to_owned()}</span> }
        })
        .collect_view()
}

/// The members of a JSON object, each with what it means.
#[component]
pub fn Members(
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
