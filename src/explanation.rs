//! `Prefer: explain` (RFC 7240): whether a call asks what was checked, and how the answer tells it. For both servers, in
//! a demo only.

use crate::wire::trace::{CheckTrace, HEADER, PREFERENCE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Whether the call prefers an explanation: among others, in any case, with or without a value (RFC 7240 §2).
pub fn is_asked_for(headers: &HeaderMap) -> bool {
    let texts = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|preference| {
        let name = preference.split([';', '=']).next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case(PREFERENCE)
    })
}

/// Adds what was checked to the answer, and that it was asked for (RFC 7240 §3).
pub fn add(headers: &mut HeaderMap, checks: &[CheckTrace]) {
    headers.insert(PREFERENCE_APPLIED, HeaderValue::from_static(PREFERENCE));
    for check in checks {
        // Names and numbers of ours, in ASCII.
        if let Some(value) = serde_json::to_string(check).ok().and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.append(HeaderName::from_static(HEADER), value);
        }
    }
    headers.append(header::VARY, HeaderValue::from_static("Prefer"));
}

#[cfg(test)]
mod tests {
    use super::{PREFER, is_asked_for};
    use axum::http::{HeaderMap, HeaderValue};

    #[test]
    fn a_preference_is_found_among_others() {
        let asked = |values: &[&str]| {
            let headers: HeaderMap =
                values.iter().map(|value| (PREFER, HeaderValue::from_str(value).unwrap())).collect();
            is_asked_for(&headers)
        };
        for good in ["explain", "Explain", "respond-async, explain", "explain; level=3", "explain=yes", " explain "] {
            assert!(asked(&[good]), "{good}");
        }
        assert!(asked(&["wait=5", "explain"]));
        for bad in ["", "explained", "x=explain", "return=minimal"] {
            assert!(!asked(&[bad]), "{bad}");
        }
        assert!(!asked(&[]));
    }
}
