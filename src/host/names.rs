//! Under which names this server answers. A page of somebody else's that makes its own name resolve to this machine
//! (DNS rebinding) finds that the server does not go by that name.

use crate::resource_server::api;
use crate::wire::problem::Problem;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use url::Url;

/// What probes ask for, by address. An address is no name, so it cannot be rebound.
pub(super) const PROBED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// The names of this server. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Names(Arc<Known>);

#[derive(Debug)]
struct Known {
    issuer: String,
    default_port: u16,
    authorities: Vec<Name>,
}

/// A host in lower case, and a port.
#[derive(Debug, PartialEq, Eq)]
struct Name(String, u16);

/// What a request says about whom it is for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Name(Name),
    Nothing,
    Garbage,
}

impl Names {
    /// The issuer's name, and the address that the server listens on.
    pub(super) fn new(issuer: &str, address: SocketAddr, is_tls: bool) -> Self {
        let url = Url::parse(issuer).ok();
        let is_https = url.as_ref().is_some_and(|url| url.scheme() == "https");
        let of_issuer = url.and_then(|url| Some(Name(url.host_str()?.to_owned(), url.port_or_known_default()?)));
        let of_address = match address.ip() {
            IpAddr::V4(ip) => Name(ip.to_string(), address.port()),
            IpAddr::V6(ip) => Name(format!("[{ip}]"), address.port()),
        };
        let authorities = of_issuer.into_iter().chain([of_address]).collect();
        let default_port = if is_https || is_tls { 443 } else { 80 };
        Self(Arc::new(Known { issuer: issuer.to_owned(), default_port, authorities }))
    }
}

/// Sends a browser that came by `localhost` on to the issuer's own origin, because redirect URIs and cookies belong to
/// that one, and refuses what is meant for somebody else (RFC 9110 §7.4, §15.5.20).
pub(super) async fn check(State(names): State<Names>, request: Request, next: Next) -> Response {
    let known = &names.0;
    let (host, port) = match asked(request.uri(), request.headers(), known.default_port) {
        Asked::Name(Name(host, port)) => (host, port),
        Asked::Nothing => return api::answer(&Problem::new(400, "the request names no host; send one Host header")),
        Asked::Garbage => {
            return api::answer(&Problem::new(400, "the Host is no host with an optional port, or there are two"));
        }
    };
    let is_known = known.authorities.iter().any(|name| name.0 == host && name.1 == port);
    let is_probe = PROBED.contains(&request.uri().path()) && is_address(&host);
    if is_known || is_probe {
        return next.run(request).await;
    }
    let issuer = &known.issuer;
    if host == "localhost" && *request.method() == Method::GET {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        if let Ok(location) = HeaderValue::try_from(format!("{issuer}{path}")) {
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, location)]).into_response();
        }
    }
    api::answer(&Problem::new(421, format!("this server does not go by the name in Host; its own is {issuer}")))
}

/// The request's target: that of the URI where it has one, as in HTTP/2, else the `Host` header's.
fn asked(uri: &Uri, headers: &HeaderMap, default_port: u16) -> Asked {
    let mut hosts = headers.get_all(header::HOST).iter();
    let first = hosts.next().map(|host| parse(host.as_bytes(), default_port));
    if hosts.next().is_some() {
        return Asked::Garbage;
    }
    let of_uri = uri.authority().map(|authority| parse(authority.as_str().as_bytes(), default_port));
    match (of_uri, first) {
        (None, None) => Asked::Nothing,
        (Some(one), None) | (None, Some(one)) => one.map_or(Asked::Garbage, Asked::Name),
        (Some(Some(one)), Some(Some(other))) if one == other => Asked::Name(one),
        (Some(_), Some(_)) => Asked::Garbage,
    }
}

fn parse(text: &[u8], default_port: u16) -> Option<Name> {
    let authority = Authority::try_from(text).ok()?;
    if authority.as_str().contains('@') || authority.host().is_empty() {
        return None;
    }
    let rest = authority.as_str().strip_prefix(authority.host())?;
    let port = match rest.strip_prefix(':') {
        None => default_port,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
        Some(_) => return None,
    };
    Some(Name(authority.host().to_ascii_lowercase(), port))
}

fn is_address(host: &str) -> bool {
    host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::{Asked, Name, asked};
    use axum::http::HeaderMap;

    fn ask(uri: &str, hosts: &[&'static str]) -> Asked {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append("host", host.parse().unwrap());
        }
        asked(&uri.parse().unwrap(), &headers, 80)
    }

    fn name(host: &str, port: u16) -> Asked {
        Asked::Name(Name(host.to_owned(), port))
    }

    #[test]
    fn names_are_read_with_and_without_a_port() {
        assert_eq!(ask("/", &["Keys.Example"]), name("keys.example", 80));
        assert_eq!(ask("/", &["keys.example:8080"]), name("keys.example", 8080));
        assert_eq!(ask("/", &["[::1]:3000"]), name("[::1]", 3000));
        assert_eq!(ask("http://keys.example/", &[]), name("keys.example", 80));
        assert_eq!(ask("http://keys.example/", &["keys.example:80"]), name("keys.example", 80));
    }

    #[test]
    fn what_is_no_name_is_told_apart_from_none() {
        assert_eq!(ask("/", &[]), Asked::Nothing);
        for hosts in [
            &["a", "a"][..],
            &[""],
            &["user@keys.example"],
            &["keys.example:port"],
            &["keys.example:99999"],
            &["keys.example:"],
            &["a b"],
            &["a/b"],
        ] {
            assert_eq!(ask("/", hosts), Asked::Garbage, "{hosts:?}");
        }
        assert_eq!(ask("http://keys.example/", &["evil.example"]), Asked::Garbage);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(0_u8..=255, 0..40)) {
            if let Some(Name(host, _)) = super::parse(&bytes, 80) {
                proptest::prop_assert!(!host.is_empty() && !host.contains('@') && !host.contains('/'));
            }
        }
    }
}
