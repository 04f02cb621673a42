//! The server explains itself: a call with `Prefer: explain` (RFC 7240) is told what its guard checked, in which order,
//! with which outcome, by which RFC and in how many microseconds. In a demo only, and only where it is asked for.

use super::guards::Guard;
use crate::checks::Trace;
use crate::explanation;
use crate::wire::trace::CheckTrace;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use std::time::Duration;

/// What to tell: the checks, and the whole time that the guard took.
pub(super) type Explanation = (Vec<CheckTrace>, Duration);

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

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
    let milliseconds = whole.as_secs_f64() * 1e3;
    if let Ok(value) = HeaderValue::try_from(format!("guard;dur={milliseconds:.4}")) {
        headers.insert(SERVER_TIMING, value);
    }
    explanation::add(headers, &checks);
}
