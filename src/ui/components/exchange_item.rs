//! One exchange of the wire: a line, and all of it when it is opened.

use super::checks_list::ChecksList;
use super::copy_button::CopyButton;
use super::secret_text::SecretText;
use crate::ui::recorder::{Answer, Crossing, Exchange, Recorder, Server, curl};
use crate::wire::trace;
use leptos::prelude::*;
use serde_json::Value;

/// The line, with the button that opens and closes it.
#[component]
pub fn ExchangeItem(
    /// The exchange as it is now.
    exchange: Exchange,
    /// Where it was recorded.
    recorder: Recorder,
) -> impl IntoView {
    let id = exchange.id;
    let is_open = move || recorder.open.get() == Some(id);
    let toggle = move |_| recorder.open.update(|open| *open = if *open == Some(id) { None } else { Some(id) });
    let with = match exchange.server() {
        Server::Authorization => "authorization server",
        Server::Resource => "resource server",
    };
    let (method, path) = (exchange.method.clone(), exchange.path().to_owned());
    let (class, status) = outcome(&exchange);
    let size = exchange.bytes() + exchange.answer.as_ref().map_or(0, Answer::bytes);
    let measure = exchange.milliseconds.map(|took| format!("{took:.0} ms · {size} B"));
    view! {
        <li class="crossing" id=format!("exchange-{id}")>
            <button type="button" class="crossing-line" aria-expanded=move || is_open().to_string() on:click=toggle>
                <span class=format!("status-tag {class}")>{status}</span>
                <span class="crossing-what"><b>{method}</b>" "{path}</span>
                <span class="crossing-facts">{with}{measure.map(|text| format!(" · {text}"))}</span>
            </button>
            {move || is_open().then(|| view! { <ExchangeBody exchange=exchange.clone() revealed=recorder.revealed/> })}
        </li>
    }
}

/// How it ended, as a class and in few letters.
pub fn outcome(exchange: &Exchange) -> (&'static str, String) {
    match &exchange.answer {
        None if exchange.failed => ("refused", "lost".to_owned()),
        None => ("waiting", "…".to_owned()),
        Some(Answer { status: None, .. }) => ("passed", "back".to_owned()),
        Some(Answer { status: Some(status), .. }) => {
            (if *status < 400 { "passed" } else { "refused" }, status.to_string())
        }
    }
}

/// All of it.
#[component]
fn ExchangeBody(
    /// The exchange.
    exchange: Exchange,
    /// Whether secrets are shown.
    #[prop(into)]
    revealed: Signal<bool>,
) -> impl IntoView {
    let copied = exchange.clone();
    let request = format!("{} {} HTTP/1.1", exchange.method, exchange.target());
    let by_navigation = exchange.crossing == Crossing::Navigation;
    let checks = exchange.answer.as_ref().map(Answer::checks).unwrap_or_default();
    let answer = exchange.answer.map(|answer| {
        let first = match answer.status {
            Some(status) => format!("HTTP/1.1 {status}"),
            None => "The browser was sent back here".to_owned(),
        };
        let headers = answer.headers.into_iter().filter(|(name, _)| name != trace::HEADER).collect();
        view! { <Message title="Answer" first headers body=answer.body revealed/> }
    });
    view! {
        <div class="crossing-body">
            {by_navigation.then(|| view! {
                <p class="hint">"Over the front channel: the browser itself went there, so everything in this address was to be seen in it."</p>
            })}
            <Message title="Request" first=request headers=exchange.headers body=exchange.body revealed/>
            {answer}
            {exchange.failed.then(|| view! { <p>"No answer came."</p> })}
            {(!checks.is_empty()).then(|| view! {
                <h3>"What the server checked"</h3>
                <ChecksList checks/>
            })}
            <CopyButton label="Copy as curl" text=Signal::derive(move || curl::command(&copied)) ready=true/>
        </div>
    }
}

/// One direction.
#[component]
fn Message(
    /// Which.
    title: &'static str,
    /// The first line.
    first: String,
    /// The headers.
    headers: Vec<(String, String)>,
    /// The body.
    body: String,
    /// Whether secrets are shown.
    revealed: Signal<bool>,
) -> impl IntoView {
    let body = readable(body);
    view! {
        <h3>{title}</h3>
        <div class="message">
            <p class="message-line"><SecretText text=first revealed/></p>
            {headers
                .into_iter()
                .map(|(name, value)| view! {
                    <p class="message-line"><span class="header-name">{name}": "</span><SecretText text=value revealed/></p>
                })
                .collect_view()}
            {(!body.is_empty()).then(|| view! { <pre><SecretText text=body revealed/></pre> })}
        </div>
    }
}

/// JSON gets its lines; everything else stays as it is.
fn readable(body: String) -> String {
    match serde_json::from_str::<Value>(&body) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => serde_json::to_string_pretty(&value).unwrap_or(body),
        _ => body,
    }
}
