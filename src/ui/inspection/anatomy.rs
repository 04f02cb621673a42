//! A token taken apart as far as it goes, with each fault where it is: which part, which rule.

use crate::wire::base64url;
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;

/// Where a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The token as a whole.
    Token,
    /// The first part.
    Header,
    /// The second part.
    Claims,
    /// The third part.
    Signature,
}

impl Place {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Place::Token => "The token",
            Place::Header => "The header (first part)",
            Place::Claims => "The claims (second part)",
            Place::Signature => "The signature (third part)",
        }
    }
}

/// Something malformed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What, to go on after the place's name.
    pub what: String,
    /// The rule that it breaks.
    pub rule: &'static str,
}

/// What of a token could be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Anatomy {
    /// The JOSE header, if it is a JSON object.
    pub header: Option<Value>,
    /// The claims, if they are a JSON object.
    pub claims: Option<Value>,
    /// The text of parts that are no JSON object, so that one can see why.
    pub raw: Vec<(Place, String)>,
    /// The signature's bytes, if it is base64url.
    pub signature: Option<Vec<u8>>,
    /// What was signed: the first two parts with their dot.
    pub signing_input: String,
    /// Whatever is malformed, in the order of the token.
    pub faults: Vec<Fault>,
}

impl Anatomy {
    /// Takes a compact JWS apart (RFC 7515 §7.1), and goes on after a fault.
    pub fn of(token: &str) -> Self {
        let mut anatomy = Anatomy::default();
        let parts: Vec<&str> = token.split('.').collect();
        if let Some(what) = wrong_count(parts.len()) {
            let rule = if parts.len() == 5 { "RFC 7516 §3.1" } else { "RFC 7515 §7.1" };
            anatomy.fault(Place::Token, what.to_owned(), rule);
        }
        anatomy.signing_input = parts.iter().take(2).copied().collect::<Vec<_>>().join(".");
        anatomy.header = anatomy.object(Place::Header, parts.first().copied());
        // The second part of an encrypted token is a key, and the third a vector.
        if parts.len() != 5 {
            anatomy.claims = anatomy.object(Place::Claims, parts.get(1).copied());
            anatomy.signature = parts.get(2).and_then(|part| anatomy.bytes(Place::Signature, part));
        }
        anatomy.check_header();
        anatomy.check_claims();
        anatomy
    }

    /// The algorithm that the header names.
    pub fn alg(&self) -> Option<&str> {
        self.header.as_ref()?["alg"].as_str()
    }

    fn fault(&mut self, place: Place, what: String, rule: &'static str) {
        self.faults.push(Fault { place, what, rule });
    }

    fn bytes(&mut self, place: Place, part: &str) -> Option<Vec<u8>> {
        let bytes = base64url::decode(part);
        if bytes.is_none() {
            self.fault(place, wrong_base64url(part), "RFC 7515 §2");
        }
        bytes
    }

    fn object(&mut self, place: Place, part: Option<&str>) -> Option<Value> {
        let part = part?;
        if part.is_empty() {
            self.fault(place, "is empty".to_owned(), "RFC 7515 §7.1");
            return None;
        }
        let bytes = self.bytes(place, part)?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to() + 1;
                self.fault(place, format!("is base64url, but its byte {at} is no UTF-8"), "RFC 7515 §3.1");
                return None;
            }
        };
        match serde_json::from_str(&text) {
            Ok(value @ Value::Object(_)) => {
                if let Err(error) = serde_json::from_str::<UniqueNames>(&text) {
                    self.fault(place, format!("is JSON, but {error}"), "RFC 7515 §4, RFC 7519 §4");
                }
                Some(value)
            }
            Ok(_) => {
                self.fault(place, "is JSON, but no object".to_owned(), "RFC 7519 §7.2");
                self.raw.push((place, text));
                None
            }
            Err(error) => {
                self.fault(place, format!("is base64url, but no JSON: {error}"), "RFC 7519 §7.2");
                self.raw.push((place, text));
                None
            }
        }
    }

    fn check_header(&mut self) {
        let Some(header) = &self.header else { return };
        let (alg, crit) = (header["alg"].is_string(), header.get("crit").cloned());
        if !alg {
            self.fault(Place::Header, "names no algorithm (alg)".to_owned(), "RFC 7515 §4.1.1");
        }
        if let Some(crit) = crit {
            let what = format!("demands that its extensions {crit} are understood (crit); who does not must refuse it");
            self.fault(Place::Header, what, "RFC 7515 §4.1.11");
        }
    }

    fn check_claims(&mut self) {
        let Some(claims) = &self.claims else { return };
        let wrong = |name: &&str| claims.get(*name).is_some_and(|value| !value.is_number());
        let wrong: Vec<&str> = ["exp", "nbf", "iat"].into_iter().filter(wrong).collect();
        for name in wrong {
            self.fault(Place::Claims, format!("hold a time ({name}) that is no number of seconds"), "RFC 7519 §2");
        }
    }
}

fn wrong_count(parts: usize) -> Option<&'static str> {
    Some(match parts {
        3 => return None,
        1 => "has no dot, and so no three parts: it may be an opaque token, which only its issuer understands",
        2 => "has two parts; the third, the signature, is missing, and even an unsigned token ends with a dot",
        5 => "has five parts: it is encrypted (JWE), and only its header can be read without the key",
        _ => "has more or fewer than three parts",
    })
}

/// Why a text is no base64url.
fn wrong_base64url(part: &str) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    let Some((place, letter)) = part.chars().enumerate().find(|(_, letter)| !allowed(*letter)) else {
        return if part.len() % 4 == 1 {
            format!("is no base64url: {} characters are one too many or too few", part.len())
        } else {
            "is no base64url: its last character carries bits that belong to no byte".to_owned()
        };
    };
    let why = match letter {
        '=' => "there is no padding in a token",
        '+' | '/' => "that is the standard alphabet, where a token has - and _",
        letter if letter.is_whitespace() => "no space or line end belongs into a token",
        _ => "it is not in the alphabet",
    };
    format!("is no base64url: “{letter}” at its character {}; {why}", place + 1)
}

/// An object that names no member twice.
struct UniqueNames;

impl<'de> Deserialize<'de> for UniqueNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = UniqueNames;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<UniqueNames, A::Error> {
                let mut seen: Vec<String> = Vec::new();
                while let Some((name, _)) = members.next_entry::<String, IgnoredAny>()? {
                    if seen.contains(&name) {
                        return Err(A::Error::custom(format_args!("it names “{name}” twice")));
                    }
                    seen.push(name);
                }
                Ok(UniqueNames)
            }
        }
        deserializer.deserialize_map(Names)
    }
}

#[cfg(test)]
mod tests {
    use super::{Anatomy, Place};
    use crate::wire::base64url::encode;

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2ln", encode(header), encode(claims))
    }

    #[test]
    fn a_sound_token_has_no_fault() {
        let anatomy = Anatomy::of(&token(r#"{"alg":"ES256"}"#, r#"{"exp":1}"#));
        assert_eq!(anatomy.faults, []);
        assert_eq!(anatomy.alg(), Some("ES256"));
        assert_eq!(anatomy.signature.as_deref(), Some(&b"sig"[..]));
    }

    #[test]
    fn each_fault_is_told_with_its_place() {
        let good = encode(r#"{"alg":"ES256"}"#);
        for (token, place, word) in [
            ("opaque".to_owned(), Place::Token, "no dot"),
            (format!("{good}.e30"), Place::Token, "two parts"),
            (format!("{good}.e30.x.x"), Place::Token, "more or fewer"),
            (format!("{good}.a.b.c.d"), Place::Token, "encrypted"),
            (format!("{good}.e30=.AA"), Place::Claims, "“=” at its character 4"),
            (format!("{good}.e30.a+b"), Place::Signature, "standard alphabet"),
            (format!("{good}.e30.abcde"), Place::Signature, "one too many"),
            (format!("{good}.e30.AB"), Place::Signature, "last character"),
            (format!("{good}.e3 0.AA"), Place::Claims, "no space"),
            (format!("{good}.{}.AA", encode([b'{', 0xff])), Place::Claims, "byte 2 is no UTF-8"),
            (format!("{good}.{}.AA", encode("{\"a\":}")), Place::Claims, "line 1 column 6"),
            (format!("{good}.{}.AA", encode("[]")), Place::Claims, "no object"),
            (format!("{good}..AA"), Place::Claims, "empty"),
            (token(r#"{"typ":"JWT"}"#, "{}"), Place::Header, "no algorithm"),
            (token(r#"{"alg":"ES256","crit":["x"]}"#, "{}"), Place::Header, "crit"),
            (token(r#"{"alg":"ES256"}"#, r#"{"exp":"soon"}"#), Place::Claims, "(exp)"),
            (token(r#"{"alg":"ES256","alg":"none"}"#, "{}"), Place::Header, "“alg” twice"),
        ] {
            let anatomy = Anatomy::of(&token);
            let found = anatomy.faults.iter().any(|fault| fault.place == place && fault.what.contains(word));
            assert!(found, "{token}: {:?}", anatomy.faults);
        }
    }
}
