//! The client behind every server function: it finds the key that fits the door, and brings the refusal back whole.

use super::{Answered, basic_header, fetch};
use crate::ui::{oauth, session};
use crate::wire::problem::Problem;
use bytes::Bytes;
use futures::sink::Drain;
use futures::stream::Empty;
use futures::{Sink, Stream};
use send_wrapper::SendWrapper;
use server_fn::client::Client;
use server_fn::error::FromServerFnError;
use server_fn::redirect::REDIRECT_HEADER;
use server_fn::request::browser::BrowserRequest;
use server_fn::response::ClientRes;
use std::future::Future;
use web_sys::Request;

/// Calls the resource server with the key that this tab holds for the door that is called.
#[derive(Debug)]
pub struct RecordingClient;

impl<In: FromServerFnError, Out: FromServerFnError> Client<Problem, In, Out> for RecordingClient {
    type Request = BrowserRequest;
    type Response = Answered;

    fn send(request: BrowserRequest) -> impl Future<Output = Result<Answered, Problem>> + Send {
        SendWrapper::new(async move {
            let request = Outgoing::read(&Request::from(request)).await?;
            let path = web_sys::Url::new(&request.url).map(|url| url.pathname()).unwrap_or_default();
            if path.starts_with("/api/oauth/") {
                return request.with_fresh_token().await;
            }
            let authorization = if path.starts_with("/api/basic/") {
                session::basic().map(|known| basic_header(&known.username, &known.password))
            } else if path.starts_with("/api/jwt/") || path.starts_with("/api/jwt_revocable/") {
                session::jwt().map(|token| format!("Bearer {token}"))
            } else {
                None
            };
            request.call(authorization.as_deref()).await
        })
    }

    #[expect(clippy::manual_async_fn, reason = "the trait asks for a Send future by name")]
    fn open_websocket(
        _path: &str,
    ) -> impl Future<
        Output = Result<
            (impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static),
            Problem,
        >,
    > + Send {
        async { Err::<(Empty<Result<Bytes, Bytes>>, Drain<Bytes>), _>(fetch::unsendable()) }
    }

    fn spawn(future: impl Future<Output = ()> + Send + 'static) {
        wasm_bindgen_futures::spawn_local(future);
    }
}

/// A request that can be sent more than once.
struct Outgoing {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Outgoing {
    async fn read(request: &Request) -> Result<Self, Problem> {
        let (method, url, headers) = (request.method(), request.url(), fetch::pairs(&request.headers()));
        let body = Some(fetch::text(request.text()).await?).filter(|body| !body.is_empty());
        Ok(Self { method, url, headers, body })
    }

    /// One call; a refusal comes back as the problem document together with its challenge.
    async fn call(&self, authorization: Option<&str>) -> Result<Answered, Problem> {
        let mut headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        headers.extend(authorization.map(|value| ("Authorization", value)));
        let answered = fetch::call(&self.method, &self.url, &headers, self.body.as_deref()).await?;
        if answered.status < 400 { Ok(answered) } else { Err(answered.problem()) }
    }

    /// Calls with the access token. An expired one is refreshed first, and a refused one is refreshed once.
    async fn with_fresh_token(self) -> Result<Answered, Problem> {
        if session::oauth()
            .is_some_and(|tokens| tokens.is_expired(crate::ui::dates::now()) && tokens.refresh_token.is_some())
        {
            oauth::refresh().await?;
        }
        let used = session::oauth().map(|tokens| tokens.access_token);
        let first = self.call(used.as_ref().map(|token| format!("Bearer {token}")).as_deref()).await;
        let Err(problem) = first else { return first };
        let token_was_refused = problem.status == 401
            && problem.challenge.as_deref().is_some_and(|challenge| challenge.contains("error=\"invalid_token\""));
        if !token_was_refused || session::oauth().is_none_or(|tokens| tokens.refresh_token.is_none()) {
            return Err(problem);
        }
        // Another call may have refreshed while this one was under way: then the new token is there already.
        if session::oauth().map(|tokens| tokens.access_token) == used {
            oauth::refresh().await?;
        }
        let fresh = session::oauth().map(|tokens| format!("Bearer {}", tokens.access_token));
        self.call(fresh.as_deref()).await
    }
}

impl ClientRes<Problem> for Answered {
    async fn try_into_string(self) -> Result<String, Problem> {
        Ok(self.answer.body)
    }

    async fn try_into_bytes(self) -> Result<Bytes, Problem> {
        Ok(Bytes::from(self.answer.body))
    }

    fn try_into_stream(self) -> Result<impl Stream<Item = Result<Bytes, Bytes>> + Send + Sync + 'static, Problem> {
        // No server function of this app streams.
        Err::<Empty<Result<Bytes, Bytes>>, _>(fetch::unsendable())
    }

    fn status(&self) -> u16 {
        self.status
    }

    fn status_text(&self) -> String {
        // HTTP/2 knows none, and nothing here needs it.
        String::new()
    }

    fn location(&self) -> String {
        self.answer.header("location").unwrap_or_default().to_owned()
    }

    fn has_redirect(&self) -> bool {
        self.answer.header(REDIRECT_HEADER).is_some()
    }
}
