//! The encoder: header and claims in, a signed token out.

use super::made_view::MadeView;
use crate::ui::dates;
use crate::ui::inspection::encoding::{self, Made, SignWith};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

const HEADER: &str = r#"{"typ":"JWT"}"#;
const CLAIMS: &str = "{\n  \"iss\": \"https://issuer.example\",\n  \"aud\": \"https://api.example\",\n  \"sub\": \"alice\",\n  \"exp\": 4102444800\n}";
const SECRET: &str = "an example secret of at least 32 bytes";

/// Makes a token in the browser.
#[component]
pub fn Encoder(
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// Takes what was made, with the secret that it was signed with, to be looked at.
    on_inspect: Callback<(Made, String)>,
) -> impl IntoView {
    let header = RwSignal::new(HEADER.to_owned());
    let claims = RwSignal::new(CLAIMS.to_owned());
    let secret = RwSignal::new(SECRET.to_owned());
    let with = RwSignal::new(SignBy::Secret);
    let outcome = RwSignal::new(None::<Result<Made, String>>);
    let sign = move |event: SubmitEvent| {
        event.prevent_default();
        let with = match with.get_untracked() {
            SignBy::Secret => SignWith::Secret(secret.get_untracked()),
            SignBy::Pair => SignWith::FreshPair,
            SignBy::Nothing => SignWith::Nothing,
        };
        let header = encoding::object("header", &header.get_untracked());
        let claims = encoding::object("claims part", &claims.get_untracked());
        spawn_local(async move {
            let made = match (header, claims) {
                (Ok(header), Ok(claims)) => encoding::make(header, claims, with).await,
                (Err(fault), _) | (_, Err(fault)) => Err(fault),
            };
            outcome.try_set(Some(made));
        });
    };
    view! {
        <section class="panel inspector" aria-labelledby="encoder-heading">
            <h2 id="encoder-heading">"Encode and sign"</h2>
            <p>"Write what a token shall say, and sign it with a key of your own. No server here will take it: it trusts its own keys alone."</p>
            <form on:submit=sign>
                <fieldset disabled=move || !ready.get()>
                    <legend class="visually-hidden">"What to sign"</legend>
                    <JsonField id="encode-header" label="Header" rows=2 text=header
                        hint="JSON. The key’s alg, and for a key pair its kid, are put in for you."/>
                    <JsonField id="encode-claims" label="Claims" rows=7 text=claims
                        hint="JSON. Times are seconds since 1970-01-01 UTC."/>
                    <p class="actions">
                        <button type="button" class="button quiet" on:click=move |_| claims.update(for_ten_minutes)>
                            "From now on, for ten minutes"
                        </button>
                    </p>
                    <SignWithField with secret/>
                    <button type="submit" class="button strong">"Sign"</button>
                </fieldset>
                <noscript>"Signing needs JavaScript: the key must not leave your browser."</noscript>
            </form>
            {move || outcome.get().map(|outcome| match outcome {
                Ok(made) => {
                    let inspect = move |made| on_inspect.run((made, secret.get_untracked()));
                    view! { <MadeView made ready on_inspect=Callback::new(inspect)/> }.into_any()
                }
                Err(fault) => view! { <div class="refusal" role="alert"><p>{fault}</p></div> }.into_any(),
            })}
        </section>
    }
}

/// A text area for JSON.
#[component]
fn JsonField(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    rows: u8,
    text: RwSignal<String>,
) -> impl IntoView {
    let hint_id = format!("{id}-hint");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <textarea id=id class="code" rows=rows spellcheck="false" autocomplete="off" aria-describedby=hint_id.clone()
                prop:value=text on:input:target=move |event| text.set(event.target().value())>
                {text.get_untracked()}
            </textarea>
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
}

/// What a person chose to sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SignBy {
    Secret,
    Pair,
    Nothing,
}

const CHOICES: [(SignBy, &str, &str); 3] = [
    (SignBy::Secret, "secret", "A shared secret (HS256)"),
    (SignBy::Pair, "pair", "A fresh key pair (ES256)"),
    (SignBy::Nothing, "nothing", "Nothing (none)"),
];

/// A secret, a key pair, or nothing.
#[component]
fn SignWithField(with: RwSignal<SignBy>, secret: RwSignal<String>) -> impl IntoView {
    let choice = move |(choice, value, text)| {
        view! {
            <li><label>
                <input type="radio" name="sign-with" value=value
                    prop:checked=move || with.get() == choice on:change=move |_| with.set(choice)/>
                {text}
            </label></li>
        }
    };
    view! {
        <fieldset>
            <legend>"Sign with"</legend>
            <ul class="choices">{CHOICES.map(choice).collect_view()}</ul>
            {move || match with.get() {
                SignBy::Secret => view! { <SecretField secret/> }.into_any(),
                SignBy::Pair => view! {
                    <p class="hint">"The browser makes it for this one token. You get the public key to verify with; the private one is forgotten."</p>
                }.into_any(),
                SignBy::Nothing => view! {
                    <p class="hint">"The third part stays empty. Every careful server refuses such a token; take it to the decoder, or to a server of your own."</p>
                }.into_any(),
            }}
        </fieldset>
    }
}

/// The secret, and whether it is long enough.
#[component]
fn SecretField(secret: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="field">
            <label for="encode-secret">"Secret"</label>
            <input id="encode-secret" class="code" type="text" autocomplete="off" spellcheck="false" prop:value=secret
                on:input:target=move |event| secret.set(event.target().value())/>
            {move || secret.with(|secret| secret.len() < 32).then(|| view! {
                <p class="hint">"Shorter than 32 bytes: too short for HS256 (RFC 7518 §3.2). Whoever sees one token can try secrets until one fits."</p>
            })}
        </div>
    }
}

/// The same claims, issued now and ending in ten minutes; left as they are where they are no JSON object.
fn for_ten_minutes(text: &mut String) {
    if let Ok(Value::Object(mut members)) = serde_json::from_str(text) {
        members.insert("iat".to_owned(), dates::now().into());
        members.insert("exp".to_owned(), (dates::now() + 600).into());
        *text = serde_json::to_string_pretty(&Value::Object(members)).unwrap_or_default();
    }
}
