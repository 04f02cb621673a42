//! The one policy through which text becomes markup (W3C Trusted Types): the browser refuses all other ways, so that no
//! line of ours or of a library can turn a stranger's text into a script.
//!
//! Leptos writes strings into `innerHTML` (templates of views, and our page bodies), which under
//! `require-trusted-types-for 'script'` only the policy named `default` can let through; a policy of another name would
//! have to be called by Leptos. So this one looks at each string: markup that runs nothing passes, whatever could run
//! something is refused here too, should the server's sanitiser ever overlook it. It makes no script and no script URL.

/// Elements that run, load or rule something; none of them is in a view or a page body.
const REFUSED: [&str; 9] = ["script", "iframe", "frame", "object", "embed", "base", "meta", "link", "style"];

/// Whether the markup holds nothing that could run.
fn is_inert(html: &str) -> bool {
    html.split('<').skip(1).all(|tag| {
        let name_length = tag.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let (name, attributes) = tag.split_at(name_length);
        !REFUSED.iter().any(|refused| name.eq_ignore_ascii_case(refused))
            && (name.is_empty() || attributes_are_inert(attributes))
    })
}

fn attributes_are_inert(mut rest: &str) -> bool {
    const SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\u{c}', '/'];
    loop {
        rest = rest.trim_start_matches(SPACE);
        if rest.is_empty() || rest.starts_with('>') {
            return true;
        }
        // A name may begin with an equals sign (HTML §13.2.5.32).
        let end = rest.char_indices().skip(1).find(|(_, c)| SPACE.contains(c) || matches!(c, '=' | '>'));
        let (name, after) = rest.split_at(end.map_or(rest.len(), |(place, _)| place));
        rest = after.trim_start_matches(SPACE);
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']);
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len())),
            };
        }
        let handles_events = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on"));
        if handles_events || name.eq_ignore_ascii_case("srcdoc") || runs(value) {
            return false;
        }
    }
}

/// Whether a value is a URL that runs something. Browsers drop what cannot be seen, and undo references (`&#106;`), of
/// which the colon's own is taken for one; the markup that comes here has no reason to write letters that way.
fn runs(value: &str) -> bool {
    let seen: String = value.chars().filter(|c| !c.is_ascii_control() && *c != ' ').collect();
    let seen = seen.to_ascii_lowercase();
    let scheme = seen.split([':', '/', '?', '#']).next().unwrap_or_default();
    matches!(scheme, "javascript" | "vbscript" | "data") || scheme.starts_with('&')
}

/// Makes the policy. Browsers without Trusted Types have the Content-Security-Policy alone.
#[cfg(feature = "hydrate")]
pub(crate) fn install() {
    use js_sys::{Function, Object, Reflect};
    use wasm_bindgen::prelude::Closure;
    use wasm_bindgen::{JsCast, JsValue};

    let Some(window) = web_sys::window() else { return };
    let Ok(factory) = Reflect::get(&window, &"trustedTypes".into()) else { return };
    let Ok(create) = Reflect::get(&factory, &"createPolicy".into()).and_then(JsCast::dyn_into::<Function>) else {
        return;
    };
    let create_html = Closure::<dyn Fn(JsValue) -> JsValue>::new(|text: JsValue| match text.as_string() {
        Some(html) if is_inert(&html) => text,
        _ => JsValue::NULL,
    });
    let rules = Object::new();
    if Reflect::set(&rules, &"createHTML".into(), create_html.as_ref()).is_ok() {
        // Where another script has made it before, the browser refuses, and what follows is refused with it.
        let _ = create.call2(&factory, &"default".into(), &rules);
        // It lives as long as the page.
        create_html.forget();
    }
}

#[cfg(test)]
mod tests {
    use super::is_inert;

    #[test]
    fn the_markup_of_views_and_page_bodies_passes() {
        for html in [
            "",
            "text on its own, javascript: and on=1 in it",
            "<p class=\"a\">Sign in on = 1 <!----> &lt;script&gt;</p>",
            "<svg viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg>",
            "<h4>a</h4><a href=\"https://example.org/?a=javascript:b\" rel=\"nofollow\">x</a>",
            "<a href=\"/oauth\">x</a><a href='#main'>y</a><input disabled>",
            "<a href=\"mailto:a@example.org\" title=\"a > b\">x</a>",
        ] {
            assert!(is_inert(html), "{html}");
        }
    }

    #[test]
    fn whatever_could_run_is_refused() {
        for html in [
            "<script>alert(1)</script>",
            "<SCRIPT src=x>",
            "<p><iframe srcdoc=x>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<p ONCLICK = 'x'>",
            "<p a=b\nonclick=x>",
            "<p a='>' onclick=x>",
            "<a href=javascript:alert(1)>",
            "<a href=\" java\nscript:alert(1)\">",
            "<a href='&#106;avascript:alert(1)'>",
            "<form action='javascript:x'>",
            "<a xlink:href='data:text/html,x'>",
            "<base href=//evil.example>",
            "<meta http-equiv=refresh>",
            "<style>*{}</style>",
        ] {
            assert!(!is_inert(html), "{html}");
        }
    }
}
