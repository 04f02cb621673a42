//! One fetch, without cookies and without the browser's own password prompt, noted by the recorder.

use super::Answered;
use crate::ui::recorder::{self, Answer, Crossing};
use crate::wire::problem::Problem;
use crate::wire::trace::PREFERENCE;
use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response};

/// Sends a request and reads the whole answer, whatever its status. No cookie goes with it, which also keeps browsers from
/// opening a password prompt of their own when a Basic call is refused; and no redirect is followed with a secret in hand.
///
/// # Errors
/// A problem of status 0 when no answer came.
pub async fn call(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Result<Answered, Problem> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    // What is shown as an exchange has to be one.
    init.set_cache(RequestCache::NoStore);
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    let fields = Headers::new().map_err(|_| unsendable())?;
    // In a demo the server explains itself.
    for (name, value) in headers.iter().chain(&[("Prefer", PREFERENCE)]) {
        fields.set(name, value).map_err(|_| unsendable())?;
    }
    init.set_headers(&fields);
    let request = Request::new_with_str_and_init(url, &init).map_err(|_| unsendable())?;
    let window = web_sys::window().ok_or_else(unsendable)?;
    let asked = pairs(&request.headers());
    let exchange = recorder::asked(Crossing::Script, method, &request.url(), asked, body.unwrap_or_default());
    let clock = window.performance();
    let now = || clock.as_ref().map_or_else(js_sys::Date::now, web_sys::Performance::now);
    let started = now();
    let arrived = async {
        let response = JsFuture::from(window.fetch_with_request(&request)).await.map_err(|_| unreachable_server())?;
        let response: Response = response.dyn_into().map_err(|_| unreachable_server())?;
        let body = text(response.text()).await?;
        Ok((response.status(), Answer { status: Some(response.status()), headers: pairs(&response.headers()), body }))
    }
    .await;
    let milliseconds = now() - started;
    recorder::answered(exchange, arrived.as_ref().ok().map(|(_, answer)| answer.clone()), milliseconds);
    arrived.map(|(status, answer)| Answered { exchange, status, answer, milliseconds })
}

pub(super) async fn text(reading: Result<js_sys::Promise, JsValue>) -> Result<String, Problem> {
    let text = JsFuture::from(reading.map_err(|_| unreachable_server())?).await.map_err(|_| unreachable_server())?;
    Ok(text.as_string().unwrap_or_default())
}

pub(super) fn pairs(headers: &Headers) -> Vec<(String, String)> {
    let Ok(Some(entries)) = js_sys::try_iter(headers) else { return Vec::new() };
    let pair = |entry: JsValue| {
        let entry: Array = entry.dyn_into().ok()?;
        let field = |place| entry.get(place).dyn_into::<JsString>().ok().map(String::from);
        Some((field(0)?, field(1)?))
    };
    entries.filter_map(|entry| pair(entry.ok()?)).collect()
}

pub(super) fn unsendable() -> Problem {
    Problem::new(0, "the browser could not build this request")
}

fn unreachable_server() -> Problem {
    Problem::new(0, "the server could not be reached")
}
