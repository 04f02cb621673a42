//! One fetch, without cookies and without the browser's own password prompt.

use crate::wire::problem::Problem;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, Request, RequestCredentials, RequestInit, RequestRedirect, Response};

/// The same request without cookies, and free of the signal that would abort it.
///
/// `omit` also keeps browsers from opening a password prompt of their own when a Basic call is refused.
pub(crate) fn without_cookies(request: &Request) -> Result<Request, Problem> {
    let init = RequestInit::new();
    init.set_credentials(RequestCredentials::Omit);
    // An explicit null: what is undefined would be taken over from the old request (Fetch, "new Request()").
    js_sys::Reflect::set(&init, &JsValue::from_str("signal"), &JsValue::NULL).map_err(|_| unsendable())?;
    Request::new_with_request_and_init(request, &init).map_err(|_| unsendable())
}

/// Sends the request.
pub(crate) async fn send(request: &Request) -> Result<Response, Problem> {
    let window = web_sys::window().ok_or_else(unsendable)?;
    let response = JsFuture::from(window.fetch_with_request(request)).await.map_err(|_| unreachable_server())?;
    response.dyn_into().map_err(|_| unreachable_server())
}

/// The whole body as text.
pub(crate) async fn text(response: &Response) -> Result<String, Problem> {
    let reading = response.text().map_err(|_| unreachable_server())?;
    let text = JsFuture::from(reading).await.map_err(|_| unreachable_server())?;
    Ok(text.as_string().unwrap_or_default())
}

/// A header of the answer, where it is there.
pub(crate) fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

/// Sends a request to the authorization server: no cookies, and no redirect is followed with a secret in hand.
pub(crate) async fn to_authorization_server(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<Response, Problem> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_credentials(RequestCredentials::Omit);
    init.set_redirect(RequestRedirect::Error);
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    let fields = Headers::new().map_err(|_| unsendable())?;
    for (name, value) in headers {
        fields.set(name, value).map_err(|_| unsendable())?;
    }
    init.set_headers(&fields);
    let request = Request::new_with_str_and_init(url, &init).map_err(|_| unsendable())?;
    send(&request).await
}

pub(crate) fn unsendable() -> Problem {
    Problem::new(0, "the browser could not build this request")
}

fn unreachable_server() -> Problem {
    Problem::new(0, "the server could not be reached")
}
