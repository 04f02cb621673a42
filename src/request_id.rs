//! The name of the request under way: made by the host for every request, sent back in `X-Request-Id`, and written into
//! each line of the process's log and of the audit log, so that the two can be laid side by side.
//! It is never taken from the caller, who could write into our logs with it.

use crate::random::Random;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use tracing::Instrument as _;

/// The header that tells the caller.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

struct Current {
    name: String,
    address: Option<IpAddr>,
}

tokio::task_local! {
    static CURRENT: Current;
}

/// The present request's name; empty outside a request.
pub fn current() -> String {
    CURRENT.try_with(|current| current.name.clone()).unwrap_or_default()
}

/// The address that the present request came from, where it is known.
pub fn address() -> Option<IpAddr> {
    CURRENT.try_with(|current| current.address).ok().flatten()
}

/// Runs the work under that name, as asked from that address.
pub async fn scope<T>(name: String, address: Option<IpAddr>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(Current { name, address }, work).await
}

/// Names the request, for all that happens in it and for the one who sent it.
pub async fn assign(State(random): State<Random>, request: Request, next: Next) -> Response {
    let name = random.identifier();
    let span = tracing::info_span!("request", id = %name, method = %request.method(), path = request.uri().path());
    let header = HeaderValue::from_str(&name);
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(from)| from.ip());
    let mut response = scope(name, address, next.run(request).instrument(span)).await;
    if let Ok(value) = header {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::{address, current, scope};

    #[tokio::test]
    async fn a_name_is_known_inside_its_request_and_nowhere_else() {
        let from = Some(std::net::IpAddr::from([192, 0, 2, 1]));
        assert_eq!((current(), address()), (String::new(), None));
        assert_eq!(scope("a".to_owned(), from, async { (current(), address()) }).await, ("a".to_owned(), from));
        assert_eq!((current(), address()), (String::new(), None));
    }
}
