//! What the guards read from a request's head: credentials, media types, what proxies and browsers add.

use crate::connection::App;
use crate::mutation::{Bytes, header_near};
use crate::runner::fuzz;
use crate::support::{ALICE, BACKEND, BOB, CHLOE, base64url, basic};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use std::sync::Arc;
use three_keys::host::config::Config;

impl App {
    /// A token of the JWT door.
    fn door_token(&self) -> String {
        let json = Bytes(b"application/json".to_vec());
        let body = json!({"username": ALICE.0, "password": ALICE.1}).to_string();
        let answer = self.send("POST", "/api/jwt/sign_in", &[("content-type", &json)], body.as_bytes()).unwrap();
        answer.json()["access_token"].as_str().expect("a token").to_owned()
    }

    /// An access token of a client that acts for itself.
    fn access_token(&self) -> String {
        let form = Bytes(b"application/x-www-form-urlencoded".to_vec());
        let credentials = Bytes(basic(BACKEND.0, BACKEND.1).into_bytes());
        let headers = [("content-type", &form), ("authorization", &credentials)];
        let body = b"grant_type=client_credentials&scope=pages:read";
        let answer = self.send("POST", "/oauth/token", &headers, body).unwrap();
        answer.json()["access_token"].as_str().expect("a token").to_owned()
    }
}

/// The scheme in lower case and what follows it, as RFC 9110 §11.4 writes credentials; spaces around them are nothing.
fn scheme_and_rest(header: &Bytes) -> Option<(String, String)> {
    let text = String::from_utf8(header.0.clone()).ok()?;
    let (scheme, rest) = text.trim_matches([' ', '\t']).split_once(' ')?;
    Some((scheme.to_ascii_lowercase(), rest.trim_matches([' ', '\t']).to_owned()))
}

const SCHEMES: [&str; 10] =
    ["Bearer ", "bEARER ", "DPoP ", "Basic ", "Bearer", "Basic", "Digest ", ", Bearer ", " realm=\"x\"", "\t"];

#[test]
fn no_bearer_header_opens_a_door_but_the_one_with_the_token() {
    let app = App::start();
    let (door, access) = (app.door_token(), app.access_token());
    let valid = [format!("Bearer {door}"), format!("Bearer {access}"), format!("DPoP {access}"), basic("alice", "x")];
    let doors = select(vec!["/api/jwt/profile", "/api/jwt_revocable/profile", "/api/oauth/pages"]);
    let headers = proptest::collection::vec(header_near(valid, &SCHEMES), 0..3);
    fuzz("Bearer header", &(doors, headers), |(target, values)| {
        let headers: Vec<(&str, &Bytes)> = values.iter().map(|value| ("authorization", value)).collect();
        let answer = app.send("GET", target, &headers, b"")?;
        let token = if target.contains("oauth") { &access } else { &door };
        let is_right = |value| scheme_and_rest(value) == Some(("bearer".to_owned(), token.clone()));
        let opens = values.len() == 1 && is_right(&values[0]);
        prop_assert_eq!(answer.status == 200, opens, "{:?}", answer);
        prop_assert!([200, 400, 401, 403].contains(&answer.status), "{:?}", answer);
        prop_assert!(answer.status != 401 || answer.header("www-authenticate").is_some());
        prop_assert_eq!(answer.status, app.send("GET", target, &headers, b"")?.status);
        Ok(())
    });
}

#[test]
fn no_basic_header_opens_a_door_but_the_right_ones() {
    let app = App::start();
    let accounts = [ALICE, BOB, CHLOE];
    let valid: Vec<String> = accounts.iter().map(|(name, password)| basic(name, password)).collect();
    let header = prop_oneof![
        header_near(valid, &SCHEMES),
        // The same one layer down: what is inside the base64 is untrusted too.
        header_near(accounts.map(|(name, password)| format!("{name}:{password}")), &[":", "\u{7f}", "alice", "bob"])
            .prop_map(|inside| Bytes(format!("Basic {}", STANDARD.encode(inside.0)).into_bytes())),
    ];
    fuzz("Basic header", &header, |header| {
        // Wrong guesses are slowed down; the clock forgives them.
        app.clock.advance(1000);
        let answer = app.send("GET", "/api/basic/pages", &[("authorization", &header)], b"")?;
        let opens = scheme_and_rest(&header).is_some_and(|(scheme, rest)| {
            let inside = STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let known = |(name, password): &(&str, &str)| inside == Some(format!("{name}:{password}"));
            scheme == "basic" && accounts.iter().any(known)
        });
        prop_assert!(answer.status == 200 || !opens, "{:?}", answer);
        prop_assert!(opens || [400, 401, 429, 503].contains(&answer.status), "{:?}", answer);
        Ok(())
    });
}

#[test]
fn no_header_of_a_client_authenticates_it_but_the_right_one() {
    let app = App::start();
    let (id, secret) = ("odd%3Aclient", "p%40ss+word%2B%25%3A%C3%A9");
    let header = prop_oneof![
        header_near([basic(BACKEND.0, BACKEND.1), basic(id, secret)], &SCHEMES),
        header_near([format!("{}:{}", BACKEND.0, BACKEND.1), format!("{id}:{secret}")], &["%", "%FF", "+", "=", "&"])
            .prop_map(|inside| Bytes(format!("Basic {}", STANDARD.encode(inside.0)).into_bytes())),
    ];
    let form = Bytes(b"application/x-www-form-urlencoded".to_vec());
    let decoded = |text: &str| -> Option<String> {
        let url = reqwest::Url::parse(&format!("http://x/?{}", text.replace('#', "%23"))).ok()?;
        let mut pairs = url.query_pairs();
        let (name, value) = pairs.next()?;
        (pairs.next().is_none() && value.is_empty() && !text.contains('=')).then(|| name.into_owned())
    };
    fuzz("client authentication header", &header, |header| {
        let headers = [("authorization", &header), ("content-type", &form)];
        let answer = app.send("POST", "/oauth/token", &headers, b"grant_type=client_credentials")?;
        prop_assert!([200, 400, 401, 429].contains(&answer.status), "{:?}", answer);
        if answer.status == 200 {
            let (scheme, rest) = scheme_and_rest(&header).expect("credentials");
            let inside = String::from_utf8(STANDARD.decode(rest).expect("base64")).expect("UTF-8");
            let (given_id, given_secret) = inside.split_once(':').expect("a colon");
            let shown = (decoded(given_id), decoded(given_secret));
            let is = |id: &str, secret: &str| shown == (Some(id.to_owned()), Some(secret.to_owned()));
            prop_assert!(scheme == "basic" && (is(BACKEND.0, BACKEND.1) || is("odd:client", "p@ss word+%:é")));
        }
        Ok(())
    });
}

/// What browsers, proxies and curious people send along, with valid values of it.
const LINES: [(&str, &[&str]); 18] = [
    ("accept", &["application/json", "text/html,*/*;q=0.8", "application/problem+json;q=0.5", "*/*;q=0"]),
    ("accept-encoding", &["gzip, br;q=0.5, identity;q=0"]),
    ("accept-language", &["en-GB,en;q=0.9"]),
    ("content-type", &["application/json; charset=utf-8", "text/plain"]),
    ("prefer", &["explain", "explain; x=y, respond-async", "wait=10"]),
    ("forwarded", &["for=192.0.2.60;proto=http;by=203.0.113.43", "for=\"[2001:db8::1]:4711\""]),
    ("x-forwarded-for", &["192.0.2.1", "192.0.2.1, 2001:db8::1, 127.0.0.1", "[2001:db8::1]:4711", "unknown"]),
    ("x-forwarded-proto", &["https", "http, https"]),
    ("x-forwarded-host", &["keys.example"]),
    ("cookie", &["three_keys_session=abc; three_keys_form=def", "a=b; a=c; =; ;"]),
    ("origin", &["null", "https://evil.example"]),
    ("referer", &["https://evil.example/x"]),
    ("sec-fetch-site", &["cross-site", "same-origin"]),
    ("range", &["bytes=0-1, 5-"]),
    ("if-none-match", &["W/\"abc\", *"]),
    ("x-request-id", &["abc"]),
    ("dpop", &["a.b.c"]),
    ("expect", &["100-continue"]),
];

#[test]
fn no_other_header_takes_a_door_down_or_opens_one() {
    let app = App::with(|config| Config { behind_proxy: true, ..config });
    let token = Arc::new(Bytes(format!("Bearer {}", app.door_token()).into_bytes()));
    let lines: Vec<BoxedStrategy<(&'static str, Bytes)>> = LINES
        .iter()
        .map(|(name, valid)| {
            let value = header_near(valid.iter().copied(), &["q=", ";", ",", "*", "explain", "for=", "[::1]", "_:1"]);
            value.prop_map(move |value| (*name, value)).boxed()
        })
        .collect();
    let line = (0..lines.len()).prop_flat_map(move |place| lines[place].clone());
    let targets = select(vec!["/api/jwt/profile", "/api/open/pages", "/api/basic/pages", "/oauth/authorize", "/"]);
    fuzz(
        "other headers",
        &(targets, any::<bool>(), proptest::collection::vec(line, 1..5)),
        |(target, known, lines)| {
            let mut headers: Vec<(&str, &Bytes)> = lines.iter().map(|(name, value)| (*name, value)).collect();
            if known {
                headers.push(("authorization", &token));
            }
            let answer = app.send("GET", target, &headers, b"")?;
            let opens = known && target == "/api/jwt/profile" || matches!(target, "/api/open/pages" | "/");
            prop_assert!(opens || answer.status >= 300, "{:?}", answer);
            Ok(())
        },
    );
}

#[test]
fn no_cookie_is_a_session_but_the_one_that_was_set() {
    let app = App::start();
    let random = base64url([7; 32]);
    let valid =
        [format!("three_keys_session={random}; three_keys_form={random}"), "__Host-three_keys_session=x".to_owned()];
    let query = "/oauth/authorize?response_type=code&client_id=native-app&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback\
                 &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    let words = &["three_keys_session=", "three_keys_form=", "; ", "=", "\"", ";;", "three_keys_session"];
    fuzz("Cookie header", &proptest::collection::vec(header_near(valid, words), 1..3), |values| {
        let headers: Vec<(&str, &Bytes)> = values.iter().map(|value| ("cookie", value)).collect();
        for target in [query, "/oauth/device", "/oauth/applications"] {
            let answer = app.send("GET", target, &headers, b"")?;
            prop_assert!(answer.status >= 400 || answer.body.windows(15).any(|part| part == b"name=\"password\""));
        }
        Ok(())
    });
}

#[test]
fn bytes_that_are_no_request_do_no_harm() {
    let app = App::start();
    let host = app.authority();
    let json = "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    let valid = [
        format!("GET /api/open/pages HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"),
        format!("PUT /api/jwt/page HTTP/1.1\r\nhost: {host}\r\n{json}"),
        format!(
            "POST /oauth/token HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding: chunked\r\n\r\n5\r\na=b&c\r\n0\r\n\r\n"
        ),
        format!("CONNECT {host} HTTP/1.1\r\nhost: {host}\r\n\r\n"),
        format!("GET {host} HTTP/1.1\r\nhost: {host}\r\n\r\n"),
        format!("GET http://{host}/?a HTTP/1.1\r\nhost: {host}\r\n\r\n"),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_owned(),
    ];
    let words = &[
        "content-length: 5\r\n",
        "transfer-encoding: chunked\r\n",
        "\r\n",
        "\n",
        "HTTP/1.0",
        "host: y\r\n",
        "ffffffff\r\n",
    ];
    fuzz("raw HTTP", &crate::mutation::bytes_near(valid, words), |bytes| {
        let answer = app.send_raw(&bytes.0).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert!(!answer.starts_with(b"HTTP/1.1 500"), "{}", answer.escape_ascii());
        prop_assert_eq!(app.send("GET", "/api/open/pages", &[], b"")?.status, 200);
        Ok(())
    });
}
