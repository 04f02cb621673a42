//! What lies open to every script of a page: names, kinds and beginnings, never a whole secret.

#[cfg(any(feature = "hydrate", test))]
use serde_json::Value;

/// What was found: the entry, the kind of secret, and its first characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exposed {
    /// In session storage.
    pub session: Vec<[String; 3]>,
    /// In local storage.
    pub local: Vec<[String; 3]>,
    /// The cookies that scripts see.
    pub cookie: String,
}

/// Looks, as any script could. On the server there is nothing.
pub fn exposed() -> Exposed {
    #[cfg(feature = "hydrate")]
    return in_browser::exposed();
    #[cfg(not(feature = "hydrate"))]
    Exposed::default()
}

/// The secrets in a stored value, under the entry's name.
#[cfg(any(feature = "hydrate", test))]
fn secrets(entry: &str, name: &str, value: &Value, found: &mut Vec<[String; 3]>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                secrets(entry, name, value, found);
            }
        }
        Value::String(text) => {
            // Of a short secret even eight characters would be too much.
            let shown = (text.chars().count() / 3).min(8);
            let start: String = text.chars().take(shown).collect();
            found.push([entry.to_owned(), kind(name, text).to_owned(), start]);
        }
        _ => {}
    }
}

#[cfg(any(feature = "hydrate", test))]
fn kind<'a>(name: &'a str, text: &str) -> &'a str {
    match name {
        "password" => "a password: it works until it is changed",
        "refresh_token" => "a refresh token: it gets new access tokens until it is revoked",
        "access_token" => "an access token: it works until it expires",
        "id_token" => "an ID token: it says who signed in",
        "verifier" => "a PKCE verifier: it redeems one code",
        _ if text.starts_with("eyJ") => "a JSON Web Token: it works until it expires",
        "" => "a text",
        name => name,
    }
}

#[cfg(feature = "hydrate")]
mod in_browser {
    use super::{Exposed, secrets};
    use serde_json::Value;
    use wasm_bindgen::JsValue;
    use web_sys::Storage;

    pub(super) fn exposed() -> Exposed {
        let Some(window) = web_sys::window() else { return Exposed::default() };
        let cookie = window.document().and_then(|document| {
            js_sys::Reflect::get(&document, &JsValue::from_str("cookie")).ok().and_then(|text| text.as_string())
        });
        Exposed {
            session: entries(window.session_storage().ok().flatten()),
            local: entries(window.local_storage().ok().flatten()),
            cookie: cookie.unwrap_or_default(),
        }
    }

    fn entries(storage: Option<Storage>) -> Vec<[String; 3]> {
        let mut found = Vec::new();
        let Some(storage) = storage else { return found };
        for place in 0..storage.length().unwrap_or(0) {
            let Some(entry) = storage.key(place).ok().flatten() else { continue };
            let text = storage.get_item(&entry).ok().flatten().unwrap_or_default();
            let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
            secrets(&entry, "", &value, &mut found);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::secrets;
    use serde_json::json;

    #[test]
    fn only_beginnings_are_told() {
        let mut found = Vec::new();
        let token = format!("eyJ{}", "x".repeat(60));
        secrets("slot", "", &json!({"username": "bob", "password": "open:sesame", "access_token": token}), &mut found);
        let starts: Vec<&str> = found.iter().map(|[_, _, start]| start.as_str()).collect();
        assert!(starts.contains(&"ope") && starts.contains(&"eyJxxxxx") && starts.contains(&"b"), "{starts:?}");
    }
}
