//! Who calls, when a proxy stands in front: the last entry of `X-Forwarded-For`, which the proxy wrote. Everything left
//! of it is the caller's own claim.

use axum::http::{HeaderMap, HeaderName};
use std::net::{IpAddr, SocketAddr};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The caller's address as the proxy saw it; the proxy's own where it wrote none.
pub(super) fn caller(proxy: SocketAddr, headers: &HeaderMap) -> SocketAddr {
    let last = headers.get_all(X_FORWARDED_FOR).iter().next_back().and_then(|line| line.to_str().ok());
    let entry = last.and_then(|line| line.rsplit(',').next()).map(str::trim);
    entry.and_then(parse).unwrap_or(proxy)
}

/// An address, with or without a port; IPv6 perhaps in brackets.
fn parse(entry: &str) -> Option<SocketAddr> {
    let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
    bare.parse::<IpAddr>().ok().map(|address| SocketAddr::new(address, 0)).or_else(|| entry.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::caller;
    use axum::http::HeaderMap;

    fn from(lines: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        caller("10.0.0.1:80".parse().unwrap(), &headers).ip().to_string()
    }

    #[test]
    fn the_last_entry_counts_and_the_callers_own_claims_do_not() {
        assert_eq!(from(&["192.0.2.7"]), "192.0.2.7");
        assert_eq!(from(&["127.0.0.1, 192.0.2.7"]), "192.0.2.7");
        assert_eq!(from(&["127.0.0.1", "198.51.100.1, 192.0.2.7"]), "192.0.2.7");
    }

    #[test]
    fn a_port_and_brackets_are_understood() {
        assert_eq!(from(&["192.0.2.7:4711"]), "192.0.2.7");
        assert_eq!(from(&["[2001:db8::1]:4711"]), "2001:db8::1");
        assert_eq!(from(&["[2001:db8::1]"]), "2001:db8::1");
        assert_eq!(from(&["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn without_a_usable_entry_it_is_the_proxy() {
        for lines in [&[][..], &[""], &["unknown"], &["192.0.2.7, _hidden"], &["192.0.2.7,"]] {
            assert_eq!(from(lines), "10.0.0.1", "{lines:?}");
        }
    }
}
