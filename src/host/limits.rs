//! What one request may cost: its body's size and time, the time for its answer, and how many are answered at once.

use super::config::Config;
use super::connections::Connection;
use crate::resource_server::api;
use crate::wire::problem::Problem;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::LengthLimitError;
use metrics::counter;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// The most bytes that any request's body may have. Endpoints allow less.
const MAX_BODY: usize = 128 * 1024;

/// The limits of every request. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    body_timeout: Duration,
    request_timeout: Duration,
    places: Arc<Semaphore>,
}

impl Limits {
    pub(super) fn new(config: &Config) -> Self {
        let places = usize::try_from(config.max_concurrent_requests.get()).unwrap_or(usize::MAX);
        Self {
            body_timeout: Duration::from_secs(config.body_timeout_seconds.get()),
            request_timeout: Duration::from_secs(config.request_timeout_seconds.get()),
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
        }
    }
}

/// Takes the body in before anything else happens, so that who sends it slowly holds a connection and nothing more.
pub(super) async fn take_body(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let too_large = || {
        counter!("three_keys_requests_refused_total", "why" => "body_size").increment(1);
        last(Problem::new(413, "no request here may have a body of more than 128 KB"))
    };
    let (parts, body) = request.into_parts();
    if body.size_hint().lower() > MAX_BODY as u64 {
        // Refused by what it announces; nothing of it is read.
        return too_large();
    }
    let reading = axum::body::to_bytes(body, MAX_BODY);
    match tokio::time::timeout(limits.body_timeout, reading).await {
        Ok(Ok(bytes)) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(error)) if error.source().is_some_and(|source| source.is::<LengthLimitError>()) => too_large(),
        Ok(Err(_)) => last(Problem::new(400, "the request's body broke off")),
        Err(_) => {
            counter!("three_keys_requests_refused_total", "why" => "body_time").increment(1);
            last(Problem::new(408, "the request's body took too long"))
        }
    }
}

/// A refusal after which the connection is of no use: the rest of the body is not read.
fn last(problem: Problem) -> Response {
    let mut response = api::answer(&problem);
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Answers a bounded number of requests at a time, each within bounded time. Who finds no place is told at once: a queue
/// would only make everybody late.
pub(super) async fn admit(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let Ok(_place) = limits.places.try_acquire() else {
        counter!("three_keys_requests_refused_total", "why" => "load").increment(1);
        return busy("too many requests are under way; try again in a moment");
    };
    let _working = request.extensions().get::<Arc<Connection>>().map(Connection::work);
    match tokio::time::timeout(limits.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            counter!("three_keys_requests_refused_total", "why" => "time").increment(1);
            tracing::warn!("an answer took too long");
            busy("the answer took too long; try again in a moment")
        }
    }
}

fn busy(words: &str) -> Response {
    let mut response = api::answer(&Problem::new(503, words));
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

#[cfg(test)]
mod tests {
    use super::{Limits, admit};
    use crate::host::config::Config;
    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use axum::response::Response;
    use axum::routing::get;
    use std::num::{NonZeroU32, NonZeroU64};
    use std::sync::Arc;
    use tokio::sync::Notify;
    use tower::ServiceExt as _;

    fn application(going_on: &Arc<Notify>) -> Router {
        let config = Config {
            max_concurrent_requests: NonZeroU32::MIN,
            request_timeout_seconds: NonZeroU64::MIN,
            ..Config::default()
        };
        let going_on = going_on.clone();
        Router::new()
            .route("/waits", get(|| async move { going_on.notified().await }))
            .route("/answers", get(|| async {}))
            .layer(axum::middleware::from_fn_with_state(Limits::new(&config), admit))
    }

    async fn call(application: Router, path: &str) -> Response {
        application.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn who_finds_no_place_is_told_at_once_and_when_to_come_back() {
        let going_on = Arc::new(Notify::new());
        let application = application(&going_on);
        let waiting = tokio::spawn(call(application.clone(), "/waits"));
        tokio::task::yield_now().await;
        let refused = call(application.clone(), "/answers").await;
        assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (503, "1"));
        going_on.notify_one();
        assert_eq!(waiting.await.unwrap().status().as_u16(), 200);
        assert_eq!(call(application, "/answers").await.status().as_u16(), 200);
    }

    #[tokio::test]
    async fn an_answer_that_takes_too_long_is_given_up_and_makes_room() {
        let application = application(&Arc::new(Notify::new()));
        assert_eq!(call(application.clone(), "/waits").await.status().as_u16(), 503);
        assert_eq!(call(application, "/answers").await.status().as_u16(), 200);
    }
}
