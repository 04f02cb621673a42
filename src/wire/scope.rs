//! OAuth scope: a set of case-sensitive tokens (RFC 6749 §3.3).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// A set of scope tokens. Parsed once at the edge; it can hold no malformed token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope(BTreeSet<String>);

/// A text that is no scope: a character outside RFC 6749 §3.3, or an empty token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scope is a list of tokens, each of printable ASCII without quote or backslash, with one space between them")]
pub struct MalformedScope;

impl Scope {
    /// Whether the set holds this token.
    pub fn contains(&self, token: &str) -> bool {
        self.0.contains(token)
    }

    /// Whether every token of this set is in the other.
    pub fn is_within(&self, other: &Scope) -> bool {
        self.0.is_subset(&other.0)
    }

    /// The tokens that are in both sets.
    pub fn intersection(&self, other: &Scope) -> Scope {
        Scope(self.0.intersection(&other.0).cloned().collect())
    }

    /// The tokens of either set.
    pub fn union(&self, other: &Scope) -> Scope {
        Scope(self.0.union(&other.0).cloned().collect())
    }

    /// The tokens of this set that are not in the other.
    pub fn without(&self, other: &Scope) -> Scope {
        Scope(self.0.difference(&other.0).cloned().collect())
    }

    /// Whether there is no token at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl FromStr for Scope {
    type Err = MalformedScope;

    fn from_str(text: &str) -> Result<Self, MalformedScope> {
        if text.is_empty() {
            return Ok(Scope::default());
        }
        text.split(' ')
            .map(|token| {
                let valid =
                    !token.is_empty() && token.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E));
                valid.then(|| token.to_owned()).ok_or(MalformedScope)
            })
            .collect::<Result<_, _>>()
            .map(Scope)
    }
}

impl TryFrom<String> for Scope {
    type Error = MalformedScope;

    fn try_from(text: String) -> Result<Self, MalformedScope> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> String {
        scope.to_string()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, token) in self.0.iter().enumerate() {
            if place > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(token)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    fn scope(text: &str) -> Scope {
        text.parse().expect("a well-formed scope")
    }

    #[test]
    fn order_and_repetition_do_not_matter() {
        assert_eq!(scope("pages:write pages:read pages:read"), scope("pages:read pages:write"));
        assert_eq!(scope("b a").to_string(), "a b");
    }

    #[test]
    fn tokens_are_case_sensitive() {
        assert!(!scope("pages:read").contains("Pages:Read"));
    }

    #[test]
    fn characters_outside_rfc_6749_section_3_3_are_refused() {
        for bad in ["a\"b", "a\\b", "a  b", " a", "a ", "a\tb", "a\nb", "é"] {
            assert!(bad.parse::<Scope>().is_err(), "{bad:?}");
        }
        assert!(scope("").is_empty());
    }

    #[cfg(feature = "ssr")]
    proptest::proptest! {
        #[test]
        fn any_text_is_either_refused_or_survives_the_round_trip(text in ".{0,60}") {
            if let Ok(scope) = text.parse::<Scope>() {
                proptest::prop_assert_eq!(scope.to_string().parse::<Scope>(), Ok(scope.clone()));
                proptest::prop_assert!(text.split(' ').all(|token| token.is_empty() || scope.contains(token)));
            }
        }
    }

    #[test]
    fn set_operations() {
        assert!(scope("a").is_within(&scope("a b")));
        assert!(!scope("a c").is_within(&scope("a b")));
        assert_eq!(scope("a b").intersection(&scope("b c")), scope("b"));
        assert_eq!(scope("a b").without(&scope("b c")), scope("a"));
        assert_eq!(scope("a").union(&scope("b")), scope("a b"));
    }
}
