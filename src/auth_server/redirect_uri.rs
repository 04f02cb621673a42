//! Redirect URIs: what may be registered, and what matches (RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1).

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A registered redirect URI. Parsed once; it can hold none that must not be registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

/// Why a redirect URI cannot be registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// RFC 6749 §3.1.2, and RFC 3986 §2 for the characters
    #[error("a redirect URI is an absolute URI of ASCII characters without space or backslash")]
    NotAbsolute,
    /// RFC 6749 §3.1.2
    #[error("a redirect URI has no fragment")]
    Fragment,
    /// RFC 9700 §4.1.3 and common sense: no credentials in it, no script behind it
    #[error("a redirect URI has scheme https, http on loopback, or a private-use scheme with a dot, and no user name")]
    Scheme,
}

impl TryFrom<String> for RedirectUri {
    type Error = Unusable;

    fn try_from(text: String) -> Result<Self, Unusable> {
        if text.bytes().any(|byte| !byte.is_ascii_graphic() || byte == b'\\') {
            return Err(Unusable::NotAbsolute);
        }
        let url = Url::parse(&text).map_err(|_| Unusable::NotAbsolute)?;
        if url.fragment().is_some() {
            return Err(Unusable::Fragment);
        }
        let acceptable = match url.scheme() {
            "https" => url.has_host(),
            "http" => is_loopback(&url),
            // RFC 8252 §7.1: a private-use scheme is a reversed domain name.
            scheme => scheme.contains('.'),
        };
        if !acceptable || !url.username().is_empty() || url.password().is_some() {
            return Err(Unusable::Scheme);
        }
        Ok(RedirectUri(text))
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> String {
        uri.0
    }
}

/// Whether the URL stays on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl RedirectUri {
    /// The URI as registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a presented URI is this one: the same string, byte for byte. Only for a native client, and only where
    /// the host is a loopback IP address, may the port differ (RFC 8252 §7.3).
    pub fn matches(&self, presented: &str, native: bool) -> bool {
        self.0 == presented || (native && self.matches_but_for_the_port(presented))
    }

    fn matches_but_for_the_port(&self, presented: &str) -> bool {
        if !presented.is_ascii() {
            return false;
        }
        let (Ok(mut registered), Ok(given)) = (Url::parse(&self.0), Url::parse(presented)) else { return false };
        let loopback_ip = matches!(registered.host(), Some(Host::Ipv4(address)) if address.is_loopback())
            || matches!(registered.host(), Some(Host::Ipv6(address)) if address.is_loopback());
        // The comparison stays one of strings: the registered URI with the given port must be the presented text.
        registered.scheme() == "http"
            && loopback_ip
            && registered.set_port(given.port()).is_ok()
            && registered.as_str() == presented
    }
}

#[cfg(test)]
mod tests {
    use super::{RedirectUri, Unusable};

    fn uri(text: &str) -> RedirectUri {
        RedirectUri::try_from(text.to_owned()).expect("a usable redirect URI")
    }

    #[test]
    fn only_the_same_string_matches() {
        let registered = uri("https://client.example/callback?a=1");
        assert!(registered.matches("https://client.example/callback?a=1", true));
        for other in [
            "https://client.example/callback",
            "https://client.example/callback?a=1&b=2",
            "https://client.example/callback/?a=1",
            "https://client.example:443/callback?a=1",
            "https://CLIENT.example/callback?a=1",
            "https://client.example/x/../callback?a=1",
            "https://client.example/callback?a=1#",
            "https://client.example.evil/callback?a=1",
            "http://client.example/callback?a=1",
        ] {
            assert!(!registered.matches(other, true), "{other}");
        }
    }

    #[test]
    fn a_native_client_may_vary_the_port_on_a_loopback_address() {
        let registered = uri("http://127.0.0.1/callback");
        assert!(registered.matches("http://127.0.0.1:49152/callback", true));
        assert!(!registered.matches("http://127.0.0.1:49152/callback", false));
        for other in [
            "http://127.0.0.1:49152/other",
            "http://127.0.0.1:49152/callback?x",
            "http://127.0.0.1:49152/callback#x",
            "http://127.0.0.2:49152/callback",
            "http://user@127.0.0.1:49152/callback",
            "http://127.1:49152/callback",
            "http://localhost:49152/callback",
            "https://127.0.0.1:49152/callback",
            "http://127.0.0.1:49152/a/../callback",
            "http://127.0.0.1:049152/callback",
        ] {
            assert!(!registered.matches(other, true), "{other}");
        }
        assert!(uri("http://[::1]/callback").matches("http://[::1]:5000/callback", true));
        assert!(!uri("http://localhost/callback").matches("http://localhost:5000/callback", true));
    }

    proptest::proptest! {
        #[test]
        fn any_other_text_than_the_registered_one_differs_in_the_port_alone(
            presented in "(http|https|HTTP)://(127\\.0\\.0\\.1|localhost|\\[::1\\]|evil\\.example|127\\.0\\.0\\.1@evil\\.example)(:[0-9]{0,6})?(/callback|/callback/|/|/../callback|/callback\\?x|/callback#)",
        ) {
            if uri("http://127.0.0.1/callback").matches(&presented, true) {
                let rest = presented.strip_prefix("http://127.0.0.1").and_then(|rest| rest.strip_suffix("/callback"));
                let port = rest.map(|rest| rest.strip_prefix(':').unwrap_or(rest));
                proptest::prop_assert!(port.is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit())), "{}", presented);
            }
        }

        #[test]
        fn any_text_is_either_refused_or_matches_itself(text in "\\PC{0,80}") {
            if let Ok(registered) = RedirectUri::try_from(text.clone()) {
                proptest::prop_assert!(registered.matches(&text, false));
                proptest::prop_assert!(!text.contains('#') && !text.starts_with("javascript:"));
            }
        }
    }

    #[test]
    fn what_must_not_be_registered() {
        let refused = |text: &str| RedirectUri::try_from(text.to_owned()).expect_err(text);
        assert_eq!(refused("/callback"), Unusable::NotAbsolute);
        assert_eq!(refused("https://a.example/\r\n"), Unusable::NotAbsolute);
        assert_eq!(refused("https://Aé.example/"), Unusable::NotAbsolute);
        assert_eq!(refused("https://a.example/#x"), Unusable::Fragment);
        assert_eq!(refused("http://a.example/"), Unusable::Scheme);
        assert_eq!(refused("javascript:alert(1)"), Unusable::Scheme);
        assert_eq!(refused("data:text/html,x"), Unusable::Scheme);
        assert_eq!(refused("https://user@a.example/"), Unusable::Scheme);
        assert_eq!(uri("com.example.app:/callback").as_str(), "com.example.app:/callback");
    }
}
