//! Parsers that are functions of a text alone: base64url, scope, redirect URIs, parameters, tokens taken apart to show.

use crate::mutation::{Bytes, bytes_near, text_near};
use crate::runner::fuzz;
use crate::support::base64url as encode;
use proptest::prelude::*;
use three_keys::auth_server::parameters::Parameters;
use three_keys::auth_server::redirect_uri::RedirectUri;
use three_keys::wire::base64url;
use three_keys::wire::jwt::decode_unverified;
use three_keys::wire::scope::Scope;

/// Two texts for the same bytes would be two tokens where one was signed.
#[test]
fn base64_has_one_text_for_the_same_bytes() {
    let valid = ["", "Zg", "Zm8", "Zm9v", "-_-_", "Zg==", "Zm8=", "+/+/"];
    fuzz("base64", &text_near(valid, &["-", "_", "+", "/", "=", "=="]), |text| {
        if let Some(bytes) = base64url::decode(&text) {
            prop_assert_eq!(base64url::encode(bytes), text.clone());
        }
        if let Some(bytes) = base64url::decode_standard(&text) {
            prop_assert_eq!(base64url::encode_standard(bytes), text);
        }
        Ok(())
    });
}

#[test]
fn a_scope_holds_what_was_written_and_nothing_else() {
    let valid = ["openid profile offline_access", "pages:read", "pages:write audit:read", ""];
    fuzz("scope", &text_near(valid, &["pages:read", "  ", "PAGES:READ", "\u{a0}", "\u{7f}"]), |text| {
        let Ok(scope) = text.parse::<Scope>() else { return Ok(()) };
        prop_assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\'));
        let mut written: Vec<&str> = text.split(' ').filter(|token| !token.is_empty()).collect();
        written.sort_unstable();
        written.dedup();
        prop_assert_eq!(scope.iter().collect::<Vec<_>>(), written);
        prop_assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope));
        Ok(())
    });
}

const REDIRECTS: [&str; 7] = [
    "https://client.example/callback?a=1",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:49152/callback",
    "http://[::1]/callback",
    "com.example.app:/callback",
    "http://localhost:8080/",
    "https://user:password@client.example:443/../x#y",
];

const OF_URIS: [&str; 18] = [
    "https:",
    "http:",
    "javascript:",
    "data:",
    "vbscript:",
    "//",
    "@",
    ":80",
    ":0",
    "#",
    "\\",
    "127.0.0.1",
    "evil.example",
    "%2e%2e",
    "[::1]",
    "user@",
    "\u{2100}",
    "xn--",
];

#[test]
fn a_redirect_uri_matches_itself_and_leads_to_no_script() {
    fuzz("redirect URI", &(text_near(REDIRECTS, &OF_URIS), text_near(REDIRECTS, &OF_URIS)), |(text, presented)| {
        let Ok(registered) = RedirectUri::try_from(text.clone()) else { return Ok(()) };
        prop_assert_eq!(registered.as_str(), &text);
        prop_assert!(registered.matches(&text, false) && registered.matches(&text, true));
        prop_assert!(!text.contains(['#', '\\', ' ']) && !text.chars().any(char::is_control));
        let url = reqwest::Url::parse(&text).expect("a URL");
        prop_assert!(!["javascript", "data", "vbscript", "file", "blob", "about"].contains(&url.scheme()));
        prop_assert!(url.username().is_empty() && url.password().is_none());
        prop_assert_eq!(registered.matches(&presented, false), presented == text);
        if registered.matches(&presented, true) && presented != text {
            let given = reqwest::Url::parse(&presented).expect("a URL");
            prop_assert!(url.scheme() == "http" && given.scheme() == "http");
            prop_assert_eq!(url.host_str(), given.host_str());
            prop_assert_eq!((url.path(), url.query()), (given.path(), given.query()));
            prop_assert!(given.username().is_empty() && given.fragment().is_none());
        }
        Ok(())
    });
}

#[test]
fn parameters_survive_being_written_again() {
    let valid = [
        "grant_type=authorization_code&code=a%2Bb+c&redirect_uri=https%3A%2F%2Fa.example%2F&resource=x&resource=y",
        "scope=openid+profile&state=&state=a%20state&a",
    ];
    fuzz("parameters", &bytes_near(valid, &["&", "=", "code=", "&resource=", "%C3%A9", "%C3"]), |Bytes(encoded)| {
        let parameters = Parameters::parse(&encoded);
        prop_assert_eq!(&Parameters::parse(&encoded), &parameters);
        let again = Parameters::parse(parameters.to_query_without(&[]).as_bytes());
        let pairs: Vec<(String, String)> = reqwest::Url::parse("http://x/")
            .map(|mut url| {
                url.set_query(Some(&parameters.to_query_without(&[])));
                url.query_pairs().into_owned().collect()
            })
            .expect("a URL");
        for (name, value) in &pairs {
            prop_assert!(!value.is_empty());
            prop_assert!(parameters.has(name));
            prop_assert_eq!(parameters.get(name), again.get(name));
            prop_assert_eq!(parameters.all(name).collect::<Vec<_>>(), again.all(name).collect::<Vec<_>>());
        }
        prop_assert!(
            !parameters.is_unreadable() || encoded.iter().any(|byte| !byte.is_ascii_graphic() || *byte == b'%')
        );
        Ok(())
    });
}

#[test]
fn a_token_is_taken_apart_or_not_at_all() {
    let valid =
        [format!("{}.{}.c2ln", encode(r#"{"alg":"ES256"}"#), encode(r#"{"sub":"alice"}"#)), "e30.e30.".to_owned()];
    fuzz("token inspector", &text_near(valid, &["e30", "bnVsbA", "W10"]), |text| {
        let decoded = decode_unverified(&text);
        prop_assert!(decoded.is_none() || text.matches('.').count() == 2);
        prop_assert_eq!(decode_unverified(&text), decoded);
        Ok(())
    });
}
