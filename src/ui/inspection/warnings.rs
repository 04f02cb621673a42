//! What to be careful about in a token, whoever signed it.

use crate::ui::dates;
use serde_json::Value;

/// The warnings, most dangerous first.
pub fn of(header: &Value, claims: &Value, now: i64) -> Vec<String> {
    let mut warnings: Vec<String> = Vec::new();
    let mut warn = |text: &str| warnings.push(text.to_owned());
    match header["alg"].as_str() {
        Some(alg) if alg.eq_ignore_ascii_case("none") => {
            warn(
                "alg is none: nobody signed this. Anyone can write such a token, so a server must refuse it (RFC 8725 §3.2).",
            );
        }
        Some(alg) if alg.starts_with("HS") => {
            warn("It is signed with a shared secret: whoever can verify it can also make one.");
        }
        _ => {}
    }
    for name in ["jwk", "jku", "x5u", "x5c"] {
        if header.get(name).is_some() {
            warn(match name {
                "jwk" => {
                    "The header brings its own key (jwk). A server that takes it believes whoever wrote the token (RFC 8725 §3.10)."
                }
                "jku" => {
                    "The header says where to fetch the key (jku). A server that goes there asks the attacker (RFC 8725 §3.10)."
                }
                "x5u" => {
                    "The header says where to fetch a certificate (x5u). A server that goes there asks the attacker (RFC 8725 §3.10)."
                }
                _ => {
                    "The header brings its own certificate (x5c). It is worth something only where its chain is checked."
                }
            });
        }
    }
    let time = |name: &str| claims[name].as_f64().map(|seconds| seconds as i64);
    match time("exp") {
        None => warn("It has no expiry (exp): whoever gets hold of it can use it for ever."),
        Some(end) if end <= now => warn(&format!("It has expired, {}.", dates::relative(end, now))),
        Some(_) => {}
    }
    if let Some(start) = time("nbf").filter(|start| *start > now) {
        warn(&format!("It is not valid yet (nbf), only {}.", dates::relative(start, now)));
    }
    if claims.get("aud").is_none() {
        warn("It names no audience (aud), so any server that trusts its issuer may take it (RFC 8725 §3.9).");
    }
    warnings
}

/// Whether the token would open a door right now: this origin issued it, or so it says, and it has not expired.
pub fn is_live(claims: &Value, origin: &str, now: i64) -> bool {
    claims["iss"].as_str() == Some(origin) && claims["exp"].as_f64().is_none_or(|end| end as i64 > now)
}

#[cfg(test)]
mod tests {
    use super::{is_live, of};
    use serde_json::json;

    #[test]
    fn each_danger_is_named() {
        let sound = json!({"alg": "ES256"});
        let claims = json!({"exp": 200, "aud": "x"});
        assert_eq!(of(&sound, &claims, 100), Vec::<String>::new());
        let has = |header, claims, word: &str| {
            let found = of(&header, &claims, 100);
            assert!(found.iter().any(|text| text.contains(word)), "{word}: {found:?}");
        };
        has(json!({"alg": "None"}), claims.clone(), "nobody signed");
        has(json!({"alg": "HS256"}), claims.clone(), "shared secret");
        has(json!({"alg": "ES256", "jwk": {}}), claims.clone(), "own key");
        has(json!({"alg": "ES256", "jku": "x"}), claims.clone(), "(jku)");
        has(json!({"alg": "ES256", "x5u": "x"}), claims, "(x5u)");
        has(sound.clone(), json!({"aud": "x"}), "no expiry");
        has(sound.clone(), json!({"aud": "x", "exp": 90}), "10 seconds ago");
        has(sound.clone(), json!({"aud": "x", "exp": 300, "nbf": 110}), "not valid yet");
        has(sound, json!({"exp": 300}), "no audience");
    }

    #[test]
    fn only_our_own_unexpired_token_is_live() {
        let claims = |iss: &str, exp: i64| json!({"iss": iss, "exp": exp});
        assert!(is_live(&claims("http://here", 200), "http://here", 100));
        assert!(is_live(&json!({"iss": "http://here"}), "http://here", 100));
        assert!(!is_live(&claims("http://here", 100), "http://here", 100));
        assert!(!is_live(&claims("http://there", 200), "http://here", 100));
    }
}
