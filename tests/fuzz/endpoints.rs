//! What the authorization server reads: forms, queries, PKCE verifiers, and the metadata of new clients.

use crate::connection::{App, for_target};
use crate::mutation::{Bytes, bytes_near, object_near, text_near};
use crate::runner::fuzz;
use crate::support::{ALICE, BACKEND, Browser, CHALLENGE, VERIFIER, base64url, parameter};
use proptest::prelude::*;
use proptest::sample::select;
use reqwest::Url;
use serde_json::{Value, json};
use three_keys::auth_server::redirect_uri::is_loopback;

const FORM: &[u8] = b"application/x-www-form-urlencoded";

const OF_FORMS: [&str; 22] = [
    "&",
    "=",
    "&client_id=native-app",
    "&client_id=",
    "&client_secret=x",
    "&grant_type=refresh_token",
    "&scope=openid",
    "&resource=",
    "&resource=urn%3Athree-keys%3Aelsewhere",
    "&prompt=none",
    "&prompt=login",
    "&max_age=-1",
    "&request=x",
    "&request_uri=",
    "%00",
    "%FF",
    "%0D%0A",
    "&client_assertion=a.b.c",
    "&step=sign_in",
    "&step=consent",
    "&decision=allow",
    "&token_type_hint=x",
];

#[test]
fn no_form_takes_an_endpoint_down() {
    let app = App::start();
    let (id, secret) = BACKEND;
    let client = format!("client_id={id}&client_secret={secret}");
    let valid = [
        format!("grant_type=client_credentials&scope=pages%3Aread&{client}"),
        format!(
            "grant_type=authorization_code&code=abc&redirect_uri=http%3A%2F%2F127.0.0.1%2F&code_verifier={VERIFIER}&client_id=native-app"
        ),
        "grant_type=refresh_token&refresh_token=abc&client_id=native-app".to_owned(),
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code=abc&client_id=tv".to_owned(),
        format!("token=abc&token_type_hint=access_token&{client}"),
        format!(
            "response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A3999%2Fcallback&code_challenge={CHALLENGE}&code_challenge_method=S256&scope=openid&{client}"
        ),
        "client_id=tv&scope=openid".to_owned(),
        "user_code=ABCD-EFGH&step=code&form_token=abc".to_owned(),
        "step=sign_in&form_token=abc&username=nobody&password=x".to_owned(),
        "id_token_hint=a.b.c&post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%2Fsigned-out&client_id=native-app&state=x"
            .to_owned(),
    ];
    let targets = select(vec![
        "/oauth/token",
        "/oauth/revoke",
        "/oauth/introspect",
        "/oauth/par",
        "/oauth/device_authorization",
        "/oauth/device",
        "/oauth/authorize",
        "/oauth/logout",
        "/oauth/applications",
        "/oauth/userinfo",
    ]);
    let kind = Bytes(FORM.to_vec());
    fuzz("forms", &(targets, bytes_near(valid, &OF_FORMS)), |(target, body)| {
        app.clock.advance(10);
        let answer = app.send("POST", target, &[("content-type", &kind)], &body.0)?;
        // Only these can succeed at all; none of them gives a person's token, because no person was asked.
        if target == "/oauth/token" && answer.status == 200 {
            let text = String::from_utf8_lossy(&body.0);
            prop_assert!(text.contains("client_credentials") && text.contains(BACKEND.1), "{:?}", answer);
        }
        prop_assert!(answer.header("set-cookie").is_none_or(|cookie| !cookie.starts_with("three_keys_session=e")));
        Ok(())
    });
}

#[test]
fn no_query_takes_an_endpoint_down_or_redirects_to_a_stranger() {
    let app = App::start();
    let redirect = "redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback";
    let valid = [
        format!(
            "response_type=code&client_id=native-app&{redirect}&scope=openid&state=x&code_challenge={CHALLENGE}&code_challenge_method=S256&nonce=n&prompt=none&max_age=5"
        ),
        format!("response_type=token&client_id=native-app&{redirect}&response_mode=fragment&claims=%7B%7D"),
        "client_id=native-app&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Aabc".to_owned(),
        "user_code=ABCD-EFGH".to_owned(),
        "id_token_hint=a.b.c&post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%2Fsigned-out&client_id=native-app"
            .to_owned(),
        "slug=welcome".to_owned(),
        "limit=5".to_owned(),
    ];
    let targets = select(vec![
        "/oauth/authorize",
        "/oauth/device",
        "/oauth/logout",
        "/callback",
        "/",
        "/api/open/pages",
        "/api/basic/page",
        "/oauth/userinfo",
    ]);
    fuzz("queries", &(targets, bytes_near(valid, &OF_FORMS)), |(target, query)| {
        let answer = app.send("GET", &format!("{target}?{}", for_target(&query)), &[], b"")?;
        if let Some(location) = answer.header("location") {
            let location = Url::parse(&app.base).unwrap().join(location).expect("a URL");
            prop_assert!(
                location.as_str().starts_with(&app.base)
                    || location.scheme() == "http" && location.host_str() == Some("127.0.0.1"),
                "{}",
                location
            );
        }
        Ok(())
    });
}

/// Each is either taken or not by RFC 7636 §4.1 and §4.6 alone: the challenge is made of whatever the verifier is.
#[test]
fn a_code_verifier_is_taken_exactly_when_it_is_well_formed_and_fits() {
    let app = App::start();
    let redirect = "http://127.0.0.1:49152/callback";
    let query = |challenge: &str| {
        let parameters = [
            ("response_type", "code"),
            ("client_id", "native-app"),
            ("redirect_uri", redirect),
            ("scope", "profile"),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ];
        let url = Url::parse_with_params(&format!("{}/oauth/authorize", app.base), parameters).unwrap();
        format!("{}?{}", url.path(), url.query().unwrap())
    };
    let browser = app.runtime.block_on(async {
        let browser = Browser::at(&app.base);
        browser.walk(&query(CHALLENGE), ALICE, "allow").await;
        browser
    });
    let long = "a".repeat(128);
    let verifier = text_near([VERIFIER, &long], &["-", ".", "_", "~", "+", "/", "=", "é", "\0"]);
    let kind = Bytes(FORM.to_vec());
    fuzz("PKCE verifier", &(verifier, any::<bool>()), |(verifier, fits)| {
        let challenge = base64url(three_keys::jose::sha256(if fits { &verifier } else { "another" }));
        let page = app.runtime.block_on(browser.open(&query(&challenge)));
        let code = page.location().and_then(|location| parameter(&location, "code")).expect("a code");
        let body = Url::parse_with_params(
            "http://x/",
            [
                ("grant_type", "authorization_code"),
                ("client_id", "native-app"),
                ("redirect_uri", redirect),
                ("code", &code),
                ("code_verifier", &verifier),
            ],
        );
        let answer =
            app.send("POST", "/oauth/token", &[("content-type", &kind)], body.unwrap().query().unwrap().as_bytes())?;
        let well_formed = (43..=128).contains(&verifier.len())
            && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
        prop_assert_eq!(answer.status == 200, well_formed && fits, "{:?}", answer);
        Ok(())
    });
}

const MEMBERS: [&str; 16] = [
    "redirect_uris",
    "client_name",
    "grant_types",
    "response_types",
    "scope",
    "token_endpoint_auth_method",
    "jwks",
    "jwks_uri",
    "software_statement",
    "post_logout_redirect_uris",
    "application_type",
    "id_token_signed_response_alg",
    "dpop_bound_access_tokens",
    "require_pushed_authorization_requests",
    "contacts",
    "REDIRECT_URIS",
];

#[test]
fn what_a_client_registers_is_what_it_may_have() {
    let app = App::start();
    let jwk = json!({"kty": "EC", "crv": "P-256", "x": "04N0xi21hshyvBp7I167sbE_bXqyqkAPfefdklMO7wY", "y": "UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw"});
    let valid = json!({
        "redirect_uris": ["https://client.example/callback"], "client_name": "A client", "scope": "openid profile",
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "token_endpoint_auth_method": "private_key_jwt", "jwks": {"keys": [jwk]},
    });
    let text = valid.to_string();
    let uris =
        text_near(["https://client.example/callback", "http://127.0.0.1/"], &["javascript:", "#", "@", "\\", "data:"]);
    let with_uris = uris.prop_map(move |uri| {
        let mut metadata = valid.clone();
        metadata["redirect_uris"] = json!([uri]);
        metadata
    });
    let inputs = prop_oneof![
        with_uris.prop_flat_map(|metadata| object_near(metadata, &MEMBERS)).prop_map(|text| Bytes(text.into_bytes())),
        bytes_near([text], &["{", "[", "\"keys\":", "\"kty\":\"oct\"", "\"jwks_uri\":\"http://x\","]),
    ];
    let kind = Bytes(b"application/json".to_vec());
    fuzz("client metadata", &inputs, |Bytes(body)| {
        app.clock.advance(1000);
        let answer = app.send("POST", "/oauth/register", &[("content-type", &kind)], &body)?;
        prop_assert!([201, 400].contains(&answer.status), "{:?}", answer);
        if answer.status == 201 {
            let registered = answer.json();
            for uri in registered["redirect_uris"].as_array().expect("redirect_uris") {
                let url = Url::parse(uri.as_str().expect("a text")).expect("a URL");
                prop_assert!(url.fragment().is_none() && url.username().is_empty());
                prop_assert!(url.scheme() != "http" || is_loopback(&url), "{}", url);
                prop_assert!(url.scheme() == "https" || url.scheme() == "http" || url.scheme().contains('.'));
            }
            let scope = registered["scope"].as_str().expect("scope").to_owned();
            let known = ["", "openid", "profile", "offline_access", "pages:read", "pages:write"];
            prop_assert!(scope.split(' ').all(|token| known.contains(&token)));
            prop_assert!(registered["jwks_uri"] == Value::Null);
        }
        Ok(())
    });
}
