//! The name of the request under way: made by the host for every request, sent back in `X-Request-Id`, and written into
//! each line of the process's log and of the audit log, so that the two can be laid side by side.
//! It is never taken from the caller, who could write into our logs with it.

use crate::random::Random;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::future::Future;
use tracing::Instrument as _;

/// The header that tells the caller.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The present request's name; empty outside a request.
pub fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}

/// Runs the work under that name.
pub async fn scope<T>(name: String, work: impl Future<Output = T>) -> T {
    CURRENT.scope(name, work).await
}

/// Names the request, for all that happens in it and for the one who sent it.
pub async fn assign(State(random): State<Random>, request: Request, next: Next) -> Response {
    let name = random.identifier();
    let span = tracing::info_span!("request", id = %name, method = %request.method(), path = request.uri().path());
    let header = HeaderValue::from_str(&name);
    let mut response = scope(name, next.run(request).instrument(span)).await;
    if let Ok(value) = header {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::{current, scope};

    #[tokio::test]
    async fn a_name_is_known_inside_its_request_and_nowhere_else() {
        assert_eq!(current(), "");
        assert_eq!(scope("a".to_owned(), async { current() }).await, "a");
        assert_eq!(current(), "");
    }
}
