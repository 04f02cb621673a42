//! What a guard checked, in its order: the server's answer to `Prefer: explain` (RFC 7240).

use serde::{Deserialize, Serialize};

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
    /// The RFC that demands it, by number.
    pub rfc: u16,
    /// The section there, such as `5.2`.
    pub section: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How long it took, in microseconds.
    pub microseconds: f64,
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
    /// Where the check is demanded, for people.
    pub fn source(&self) -> String {
        format!("RFC {} §{}", self.rfc, self.section)
    }

    /// Where that can be read.
    pub fn link(&self) -> String {
        let Self { rfc, section, .. } = self;
        format!("https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section}")
    }
}

/// Reads the header's lines, as `fetch` joins them.
pub fn parse(joined: &str) -> Option<Vec<CheckTrace>> {
    serde_json::from_str(&format!("[{joined}]")).ok()
}

#[cfg(test)]
mod tests {
    use super::{CheckTrace, Outcome, parse};

    #[test]
    fn joined_lines_are_read_in_their_order() {
        let one = |check: &str, outcome| CheckTrace {
            check: check.to_owned(),
            rfc: 7515,
            section: "5.2".to_owned(),
            outcome,
            microseconds: 1.5,
        };
        let checks = [one("well_formed", Outcome::Passed), one("signature", Outcome::Refused)];
        let lines: Vec<String> = checks.iter().map(|check| serde_json::to_string(check).unwrap()).collect();
        assert_eq!(parse(&lines.join(", ")).unwrap(), checks);
        assert_eq!(parse("").unwrap(), []);
        assert_eq!(parse("{"), None);
        assert_eq!(checks[0].link(), "https://www.rfc-editor.org/rfc/rfc7515#section-5.2");
        assert_eq!(checks[0].source(), "RFC 7515 §5.2");
    }
}
