//! The arguments of the server functions, and what becomes of a page's text.

use crate::connection::{App, for_target};
use crate::mutation::{Bytes, bytes_near, object_near, text_near};
use crate::runner::fuzz;
use crate::support::ALICE;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;
use std::cell::Cell;

const JSON: &[u8] = b"application/json";

fn token(app: &App) -> Bytes {
    let body = json!({"username": ALICE.0, "password": ALICE.1}).to_string();
    let answer =
        app.send("POST", "/api/jwt/sign_in", &[("content-type", &Bytes(JSON.to_vec()))], body.as_bytes()).unwrap();
    Bytes(format!("Bearer {}", answer.json()["access_token"].as_str().expect("a token")).into_bytes())
}

const ARGUMENTS: [&str; 9] = ["slug", "title", "body", "version", "username", "password", "limit", "SLUG", "extra"];

#[test]
fn no_arguments_take_a_function_down_or_write_what_breaks_the_rules() {
    let app = App::start();
    let (token, kind) = (token(&app), Bytes(JSON.to_vec()));
    let page = json!({"slug": "fuzz", "title": "Fuzz", "body": "x", "version": 0});
    let inputs = prop_oneof![
        object_near(page.clone(), &ARGUMENTS).prop_map(String::into_bytes),
        bytes_near([page.to_string()], &["{", "\"slug\":", "\\u0000", "\\ud800", "[[[["]).prop_map(|bytes| bytes.0),
    ];
    fuzz("JSON arguments", &inputs, |body| {
        let answer = app.send("PUT", "/api/jwt/page", &[("authorization", &token), ("content-type", &kind)], &body)?;
        prop_assert!([200, 400, 404, 409, 413, 422].contains(&answer.status), "{:?}", answer);
        if answer.status == 200 {
            let (page, version) = (answer.json(), answer.json()["version"].as_i64().expect("a version"));
            let slug = page["slug"].as_str().expect("a slug");
            let words =
                |word: &str| !word.is_empty() && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'));
            prop_assert!(slug.len() <= 64 && slug.split('-').all(words));
            prop_assert!(!page["title"].as_str().expect("a title").chars().any(char::is_control));
            let target = format!("/api/jwt/page?slug={slug}&version={version}");
            prop_assert_eq!(app.send("DELETE", &target, &[("authorization", &token)], b"")?.status, 200);
        }
        Ok(())
    });
}

#[test]
fn no_query_takes_a_function_down() {
    let app = App::start();
    let token = token(&app);
    let valid = ["slug=welcome", "slug=welcome&version=1", "limit=5", ""];
    let words = &["slug=", "&slug=x", "limit=-1", "limit=99999999999999999999", "%00", "%FF", "[]", "version=1e9", "+"];
    let calls =
        select(vec![("GET", "page"), ("GET", "audit"), ("DELETE", "page"), ("GET", "profile"), ("GET", "pages")]);
    fuzz("query arguments", &(calls, bytes_near(valid, words)), |((method, name), query)| {
        let target = format!("/api/jwt/{name}?{}", for_target(&query));
        let answer = app.send(method, &target, &[("authorization", &token)], b"")?;
        prop_assert!(answer.status < 500, "{:?}", answer);
        Ok(())
    });
}

#[test]
fn no_sign_in_succeeds_but_with_the_password() {
    let app = App::start();
    let kind = Bytes(JSON.to_vec());
    let right = json!({"username": ALICE.0, "password": ALICE.1});
    let inputs = prop_oneof![
        object_near(right.clone(), &ARGUMENTS).prop_map(String::into_bytes),
        bytes_near([right.to_string()], &["alice", "\\u0000", "\"", "\u{301}"]).prop_map(|bytes| bytes.0),
    ];
    fuzz("sign-in arguments", &inputs, |body| {
        app.clock.advance(1000);
        let answer = app.send("POST", "/api/jwt/sign_in", &[("content-type", &kind)], &body)?;
        let given: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let is_right = given["username"] == right["username"] && given["password"] == right["password"];
        prop_assert!(is_right || [400, 401, 413, 422, 429, 503].contains(&answer.status), "{:?}", answer);
        Ok(())
    });
}

const MARKDOWN: [&str; 8] = [
    "# A title\n\nA *word* and `code`, a [link](https://a.example \"title\"), an ![image](x.png).\n\n- one\n- two\n",
    "<script>alert(1)</script><img src=x onerror=alert(1)><a href=\"javascript:alert(1)\">x</a>",
    "[x](javascript:alert(1)) [y](JaVaScRiPt&#58;alert(1)) <svg/onload=alert(1)> [z]: data:text/html,x",
    "| a | b |\n|---|---|\n| <b onclick=x>c</b> | d |\n\n> quote\n\n```html\n<script>\n```\n",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<form action=x><input name=y><iframe srcdoc=\"<script>\"><style>*{}</style><base href=//evil>",
    "[a]: <b> \"c\n\n[^1]: note\n\n***\n\n1. x\n   * y\n\n&lt;&#x3c;&#0;&#xD800;",
];

const OF_MARKDOWN: [&str; 24] = [
    "<",
    ">",
    "</",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<script>",
    "<svg>",
    "<style>",
    "<a href=\"",
    " onclick=",
    " style=",
    "javascript:",
    "&#106;avascript:",
    "](",
    "![",
    "```",
    "\n\n",
    "\t",
    "[[[[[[[[",
    "<noscript>",
    "<template>",
    "****",
];

/// Looks at the page's `html`, which holds what its Markdown became.
#[test]
fn no_text_of_a_page_becomes_a_script() {
    let app = App::start();
    let (token, kind) = (token(&app), Bytes(JSON.to_vec()));
    let version = Cell::new(0);
    fuzz("Markdown", &text_near(MARKDOWN, &OF_MARKDOWN), |text| {
        let page = json!({"slug": "fuzz", "title": "Fuzz", "body": text, "version": version.get()}).to_string();
        let headers = [("authorization", &token), ("content-type", &kind)];
        let answer = app.send("PUT", "/api/jwt/page", &headers, page.as_bytes())?;
        if answer.status != 200 {
            prop_assert_eq!(answer.status, 400, "{:?}", answer);
            return Ok(());
        }
        version.set(version.get() + 1);
        let answer = app.send("GET", "/api/jwt/page?slug=fuzz", &[("authorization", &token)], b"")?;
        let page = answer.json();
        prop_assert_eq!(&page["body"], &text);
        check_harmless(page["html"].as_str().unwrap_or_default())
    });
}

/// Goes through the tags as a browser would find them in what a sanitiser wrote: it always quotes attributes and
/// escapes `<` in text.
fn check_harmless(html: &str) -> Result<(), TestCaseError> {
    let refused_tags = [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "link",
        "meta",
        "base",
        "form",
        "input",
        "button",
        "svg",
        "math",
        "template",
        "noscript",
        "textarea",
        "title",
        "xmp",
        "plaintext",
    ];
    for tag in html.split('<').skip(1) {
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        prop_assert!(!name.is_empty(), "{}", html);
        prop_assert!(!refused_tags.contains(&name.as_str()), "{}", html);
        let mut rest = tag;
        while let Some((before, value)) = rest.split_once("=\"") {
            if before.contains('>') {
                break;
            }
            let attribute = before.rsplit([' ', '\t', '\n', '/']).next().unwrap_or_default().to_ascii_lowercase();
            let (value, after) = value.split_once('"').unwrap_or((value, ""));
            prop_assert!(!attribute.starts_with("on") && attribute != "style" && attribute != "srcdoc", "{}", html);
            if ["href", "src", "action", "cite", "xlink:href"].contains(&attribute.as_str()) {
                let plain: String = value.chars().filter(|one| !one.is_whitespace() && !one.is_control()).collect();
                let plain = plain.to_ascii_lowercase();
                let scheme = plain.split(['/', '?', '#']).next().unwrap_or_default();
                prop_assert!(
                    !scheme.contains(':') || ["http:", "https:", "mailto:"].iter().any(|good| scheme.starts_with(good)),
                    "{}",
                    html
                );
            }
            rest = after;
        }
    }
    Ok(())
}

#[test]
fn the_check_for_harmless_html_finds_what_does_harm() {
    for bad in
        ["<script>x</script>", "<a href=\"javascript:x\">", "<p title=\"x\" onclick=\"x\">", "<b style=\"x\">", "<svg>"]
    {
        assert!(check_harmless(bad).is_err(), "{bad}");
    }
    assert!(check_harmless("<p>a <a href=\"https://a.example/\" rel=\"noopener\">b</a> 1 &lt; 2</p>").is_ok());
}
