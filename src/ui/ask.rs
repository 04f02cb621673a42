//! One plain call and its answer whole: no key is added, no cookie goes along, no redirect is followed.

use crate::wire::problem::Problem;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response};

/// An answer of any status.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The body.
    pub(crate) text: String,
}

/// Calls, past every cache, and reads the answer to its end.
///
/// # Errors
/// Status 0 when no answer comes.
pub(crate) async fn ask(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<Answer, Problem> {
    send(method, url, headers, body).await.map_err(|_| Problem::new(0, "the server could not be reached"))
}

async fn send(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    init.set_cache(RequestCache::NoStore);
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    let fields = Headers::new()?;
    for (name, value) in headers {
        fields.set(name, value)?;
    }
    init.set_headers(&fields);
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(url, &init)).await?.unchecked_into();
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(Answer { status: response.status(), text })
}
