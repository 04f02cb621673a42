//! The authorization code flow, one step at a time: each request is shown before it is sent.

use super::secret_text::SecretText;
use crate::ui::oauth::{self, Application, Ask, Failure, Prepared};
use crate::ui::recorder::Recorder;
use crate::ui::session::HeldCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The task under which a code is held for the next step.
pub const TASK: &str = "steps";

/// Where the flow stands.
#[derive(Clone, PartialEq, Eq)]
pub enum Step {
    /// The request to the authorization endpoint is made, and not sent.
    Request(Ask, Prepared),
    /// The answer is back, and the code is not exchanged.
    Answer(HeldCode),
}

/// The step that is due.
#[component]
pub fn Steps(
    /// The step.
    step: Step,
    /// Takes the reason when a step fails.
    on_failure: Callback<Failure>,
) -> impl IntoView {
    match step {
        Step::Request(ask, prepared) => view! { <RequestStep ask prepared on_failure/> }.into_any(),
        Step::Answer(held) => view! { <AnswerStep held on_failure/> }.into_any(),
    }
}

#[component]
fn RequestStep(ask: Ask, prepared: Prepared, on_failure: Callback<Failure>) -> impl IntoView {
    let parameters = parameters(&prepared.url);
    let verifier = format!("code_verifier={}", prepared.verifier);
    let send = move |_| {
        if let Err(failure) = oauth::leave(ask.clone(), prepared.clone()) {
            on_failure.run(failure);
        }
    };
    view! {
        <div class="step">
            <h3 id="step-heading" tabindex="-1">"Step 1 of 3: ask the authorization server"</h3>
            <p>"This is the request. The browser will carry it, so everything in it may be seen. Nothing is sent yet."</p>
            <Fields first="GET /oauth/authorize" fields=parameters/>
            <p>"This stays here, and only its hash travels, as code_challenge:"</p>
            <Hidden text=verifier/>
            <button type="button" class="button strong" on:click=send>"Send it: go to the authorization server"</button>
        </div>
    }
}

#[component]
fn AnswerStep(held: HeldCode, on_failure: Callback<Failure>) -> impl IntoView {
    let HeldCode { code, state, iss, pending } = held.clone();
    let fields = [
        ("grant_type", "authorization_code".to_owned()),
        ("code", code.clone()),
        ("redirect_uri", "…/callback".to_owned()),
        ("client_id", Application::ThreeKeys.client_id().to_owned()),
        ("code_verifier", pending.verifier),
    ];
    let busy = RwSignal::new(false);
    let send = move |_| {
        let held = held.clone();
        busy.set(true);
        spawn_local(async move {
            if let Err(failure) = oauth::redeem(held).await {
                on_failure.run(failure);
            }
        });
    };
    view! {
        <div class="step">
            <h3 id="step-heading" tabindex="-1">"Step 2 of 3: the answer is back"</h3>
            <ol class="checks">
                <li class="passed"><span class="check-sign" aria-hidden="true">"✓"</span><code>"state"</code><span>{format!("{state} was made by this tab, and is used up now")}</span></li>
                <li class="passed"><span class="check-sign" aria-hidden="true">"✓"</span><code>"iss"</code><span>{format!("{iss} is the server that was asked")}</span></li>
            </ol>
            <Hidden text=format!("code={code}")/>
            <h3>"Step 3 of 3: exchange the code"</h3>
            <p>"This request goes from the application to the token endpoint, out of the browser’s address bar. The verifier proves that it comes from the tab that asked."</p>
            <Fields first="POST /oauth/token" fields=fields.map(|(name, value)| (name.to_owned(), value)).to_vec()/>
            <button type="button" class="button strong" disabled=busy on:click=send>"Send it: exchange the code"</button>
        </div>
    }
}

/// A request, parameter by parameter, with what each is for.
#[component]
fn Fields(first: &'static str, fields: Vec<(String, String)>) -> impl IntoView {
    let revealed = expect_context::<Recorder>().revealed;
    view! {
        <div class="message">
            <p class="message-line"><b>{first}</b></p>
            <dl class="facts">
                {fields
                    .into_iter()
                    .map(|(name, value)| {
                        let purpose = purpose(&name);
                        let is_secret = matches!(name.as_str(), "code" | "code_verifier");
                        let shown = move || if is_secret && !revealed.get() { "••••••".to_owned() } else { value.clone() };
                        view! { <div><dt>{name}</dt><dd><code>{shown}</code><span class="meaning">{purpose}</span></dd></div> }
                    })
                    .collect_view()}
            </dl>
        </div>
    }
}

#[component]
fn Hidden(text: String) -> impl IntoView {
    let revealed = expect_context::<Recorder>().revealed;
    view! { <p class="secret"><code><SecretText text revealed/></code></p> }
}

/// The query's parameters, as people read them.
fn parameters(url: &str) -> Vec<(String, String)> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.replace('+', " ").replace("%3A", ":").replace("%2F", "/")))
        .collect()
}

/// What a parameter is for.
fn purpose(name: &str) -> &'static str {
    match name {
        "response_type" => "a code, and never a token, comes back through the browser",
        "client_id" => "which application asks",
        "redirect_uri" => "where to send people back to; it must be registered",
        "scope" => "what the application wants to be allowed",
        "state" => "ties the answer to this tab",
        "code_challenge" => "the hash of the verifier",
        "code_challenge_method" => "SHA-256",
        "grant_type" => "what is exchanged for tokens",
        "code" => "works once, for a minute",
        "code_verifier" => "the secret behind the challenge",
        _ => "",
    }
}
