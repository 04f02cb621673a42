//! What a guard or an OAuth endpoint checked, in its order: the server's answer to `Prefer: explain` (RFC 7240).

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// The preference that asks for it.
pub const PREFERENCE: &str = "explain";

/// The header that carries it: one line per check, each a JSON object; a list of header lines is one list, joined by
/// commas (RFC 9110 §5.3).
pub const HEADER: &str = "guard-checks";

/// One check with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckTrace {
    /// The check's name, such as `signature`.
    pub check: String,
    /// Where it is demanded. Its members stand among the check's own.
    #[serde(flatten)]
    pub source: Source,
    /// What became of it.
    pub outcome: Outcome,
    /// How long it took, in microseconds.
    pub microseconds: f64,
}

/// Where a check is demanded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// In an RFC.
    Rfc {
        /// Its number.
        rfc: u16,
        /// The section, such as `5.2`, or the appendix, such as `A`.
        section: Cow<'static, str>,
    },
    /// In a specification of the OpenID Foundation.
    OpenId {
        /// Which one.
        document: OpenIdDocument,
        /// The section there.
        section: Cow<'static, str>,
    },
}

/// A specification of the OpenID Foundation, by its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum OpenIdDocument {
    /// OpenID Connect Core 1.0.
    #[serde(rename = "OpenID Connect Core")]
    ConnectCore,
    /// OAuth 2.0 Multiple Response Type Encoding Practices.
    #[serde(rename = "OAuth 2.0 Multiple Response Types")]
    MultipleResponseTypes,
}

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was run, and the call passed.
    Passed,
    /// The same bytes passed it a moment ago, and nothing that it depends on has changed since.
    Remembered,
    /// It was run, and the call did not pass.
    Refused,
    /// An earlier check refused, or this kind of call does not need it.
    NotReached,
}

impl CheckTrace {
    /// What became of a check, and how long it took.
    pub fn new(check: &str, source: Source, outcome: Outcome, took: Duration) -> Self {
        let microseconds = (took.as_secs_f64() * 1e8).round() / 100.0;
        Self { check: check.to_owned(), source, outcome, microseconds }
    }

    /// Where the check is demanded, for people.
    pub fn source(&self) -> String {
        self.source.to_string()
    }

    /// Where that can be read.
    pub fn link(&self) -> String {
        self.source.link()
    }
}

impl Source {
    /// A section of an RFC.
    pub const fn rfc(rfc: u16, section: &'static str) -> Self {
        Self::Rfc { rfc, section: Cow::Borrowed(section) }
    }

    /// A section of a specification of the OpenID Foundation.
    pub const fn openid(document: OpenIdDocument, section: &'static str) -> Self {
        Self::OpenId { document, section: Cow::Borrowed(section) }
    }

    /// Where it can be read.
    pub fn link(&self) -> String {
        match self {
            Self::Rfc { rfc, section } => {
                let kind = if is_appendix(section) { "appendix" } else { "section" };
                format!("https://www.rfc-editor.org/rfc/rfc{rfc}#{kind}-{section}")
            }
            Self::OpenId { document, section } => {
                let name = match document {
                    OpenIdDocument::ConnectCore => "openid-connect-core-1_0",
                    OpenIdDocument::MultipleResponseTypes => "oauth-v2-multiple-response-types-1_0",
                };
                format!("https://openid.net/specs/{name}.html#rfc.section.{section}")
            }
        }
    }
}

/// Sections are numbered, appendices lettered.
fn is_appendix(section: &str) -> bool {
    section.starts_with(|first: char| first.is_ascii_uppercase())
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rfc { rfc, section } if is_appendix(section) => write!(formatter, "RFC {rfc} appendix {section}"),
            Self::Rfc { rfc, section } => write!(formatter, "RFC {rfc} §{section}"),
            Self::OpenId { document, section } => {
                let title = match document {
                    OpenIdDocument::ConnectCore => "OpenID Connect Core",
                    OpenIdDocument::MultipleResponseTypes => "OAuth 2.0 Multiple Response Types",
                };
                write!(formatter, "{title} §{section}")
            }
        }
    }
}

/// Reads the header's lines, as `fetch` joins them.
pub fn parse(joined: &str) -> Option<Vec<CheckTrace>> {
    serde_json::from_str(&format!("[{joined}]")).ok()
}

#[cfg(test)]
mod tests {
    use super::{CheckTrace, OpenIdDocument, Outcome, Source, parse};
    use std::time::Duration;

    #[test]
    fn joined_lines_are_read_in_their_order() {
        let one = |check: &str, outcome| {
            CheckTrace::new(check, Source::rfc(7515, "5.2"), outcome, Duration::from_nanos(1500))
        };
        let checks = [one("well_formed", Outcome::Passed), one("signature", Outcome::Refused)];
        let lines: Vec<String> = checks.iter().map(|check| serde_json::to_string(check).unwrap()).collect();
        assert_eq!(parse(&lines.join(", ")).unwrap(), checks);
        assert_eq!(parse("").unwrap(), []);
        assert_eq!(parse("{"), None);
        assert_eq!(checks[0].link(), "https://www.rfc-editor.org/rfc/rfc7515#section-5.2");
        assert_eq!(checks[0].source(), "RFC 7515 §5.2");
    }
    #[test]
    fn every_source_is_told_and_read_again() {
        let cases = [
            (
                Source::rfc(7636, "4.6"),
                r#""rfc":7636,"section":"4.6""#,
                "RFC 7636 §4.6",
                "https://www.rfc-editor.org/rfc/rfc7636#section-4.6",
            ),
            (
                Source::rfc(6749, "A"),
                r#""rfc":6749,"section":"A""#,
                "RFC 6749 appendix A",
                "https://www.rfc-editor.org/rfc/rfc6749#appendix-A",
            ),
            (
                Source::openid(OpenIdDocument::ConnectCore, "3.1.2.1"),
                r#""document":"OpenID Connect Core","section":"3.1.2.1""#,
                "OpenID Connect Core §3.1.2.1",
                "https://openid.net/specs/openid-connect-core-1_0.html#rfc.section.3.1.2.1",
            ),
            (
                Source::openid(OpenIdDocument::MultipleResponseTypes, "2.1"),
                r#""document":"OAuth 2.0 Multiple Response Types","section":"2.1""#,
                "OAuth 2.0 Multiple Response Types §2.1",
                "https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#rfc.section.2.1",
            ),
        ];
        for (source, members, words, link) in cases {
            let check = CheckTrace::new("one", source, Outcome::Passed, Duration::ZERO);
            let text = serde_json::to_string(&check).unwrap();
            assert_eq!(text, format!(r#"{{"check":"one",{members},"outcome":"passed","microseconds":0.0}}"#));
            assert_eq!(parse(&text).unwrap(), std::slice::from_ref(&check));
            assert_eq!((check.source().as_str(), check.link().as_str()), (words, link));
        }
    }
}
