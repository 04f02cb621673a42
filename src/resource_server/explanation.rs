//! The server explains itself: a call with `Prefer: explain` (RFC 7240) is told what its guard checked, in which order,
//! with which outcome, by which RFC and in how many microseconds. In a demo only, and only where it is asked for.

use super::guards::Guard;
use crate::checks::Trace;
use crate::wire::trace::{CheckTrace, HEADER, PREFERENCE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use std::time::Duration;

/// What to tell: the checks, and the whole time that the guard took.
pub(super) type Explanation = (Vec<CheckTrace>, Duration);

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Whether the call prefers an explanation: among others, in any case, with or without a value (RFC 7240 §2).
pub(super) fn is_asked_for(headers: &HeaderMap) -> bool {
    let texts = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).any(|preference| {
        let name = preference.split([';', '=']).next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case(PREFERENCE)
    })
}

/// The explanation of a guard's decision, where the trace was on.
pub(super) fn of(guard: Guard, headers: &HeaderMap, trace: Trace) -> Option<Explanation> {
    if !trace.is_on() {
        return None;
    }
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let with_proof = authorization.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("dpop "));
    trace.explain(guard.checks(with_proof))
}

/// Adds it to the answer.
pub(super) fn add(headers: &mut HeaderMap, (checks, whole): Explanation) {
    headers.insert(PREFERENCE_APPLIED, HeaderValue::from_static(PREFERENCE));
    let milliseconds = whole.as_secs_f64() * 1e3;
    if let Ok(value) = HeaderValue::try_from(format!("guard;dur={milliseconds:.4}")) {
        headers.insert(SERVER_TIMING, value);
    }
    for check in checks {
        // Names and numbers of ours, in ASCII.
        if let Some(value) = serde_json::to_string(&check).ok().and_then(|text| HeaderValue::try_from(text).ok()) {
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
