//! The endpoints that scripts call explain themselves too (RFC 7240): which rules were asked, in which order, with which
//! outcome, by which standard and in how many microseconds. In a demo only, and only where it is asked for.
//!
//! Rules are asked far from where the answer is made, so what became of them is noted beside the request; where nobody
//! asked there is no place for notes, and each of these functions does nothing.

use super::error::Refusal;
use crate::checks::{Check, Trace};
use crate::explanation;
use crate::wire::trace::{CheckTrace, Outcome, Source};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use std::cell::RefCell;
use std::time::{Duration, Instant};

struct Notes {
    checks: Vec<CheckTrace>,
    /// When the last check ended, or the request came.
    since: Instant,
}

tokio::task_local! {
    static NOTES: RefCell<Notes>;
}

/// Answers, and tells what was checked if the call prefers that.
pub(super) async fn explain(request: Request, next: Next) -> Response {
    if !explanation::is_asked_for(request.headers()) {
        return next.run(request).await;
    }
    let notes = RefCell::new(Notes { checks: Vec::with_capacity(16), since: Instant::now() });
    let answer = async {
        let response = next.run(request).await;
        (response, NOTES.with(|notes| std::mem::take(&mut notes.borrow_mut().checks)))
    };
    let (mut response, checks) = NOTES.scope(notes, answer).await;
    // What no endpoint answered, such as a wrong method, was not checked by any.
    if !checks.is_empty() {
        explanation::add(response.headers_mut(), &checks);
    }
    response
}

/// Adds to the notes, if there are any; the check is told how much time has passed since the last one.
fn note(add: impl FnOnce(&mut Vec<CheckTrace>, Duration)) {
    let _ = NOTES.try_with(|notes| {
        let notes = &mut *notes.borrow_mut();
        let now = Instant::now();
        add(&mut notes.checks, now.duration_since(notes.since));
        notes.since = now;
    });
}

/// The moment before a rule is asked, where that is noted.
pub(super) fn start() -> Option<Instant> {
    NOTES.try_with(|_| Instant::now()).ok()
}

/// A rule was asked.
pub(super) fn decided(name: &'static str, source: &Source, started: Option<Instant>, passed: bool) {
    let Some(started) = started else { return };
    let outcome = if passed { Outcome::Passed } else { Outcome::Refused };
    note(|checks, _| checks.push(CheckTrace::new(name, source.clone(), outcome, started.elapsed())));
}

/// A rule was not asked, because one before it refused.
pub(super) fn not_reached(name: &'static str, source: &Source) {
    note(|checks, _| checks.push(CheckTrace::new(name, source.clone(), Outcome::NotReached, Duration::ZERO)));
}

/// A check outside the lists of rules was passed.
pub(super) fn passed(check: &'static Check) {
    note(|checks, took| checks.push(CheckTrace::new(check.name, check.source(), Outcome::Passed, took)));
}

/// The request is refused: by a rule that is noted already, or by something outside the lists of rules.
pub(super) fn refused(refusal: &Refusal) {
    note(|checks, took| {
        if checks.iter().all(|check| check.outcome != Outcome::Refused) {
            checks.push(CheckTrace::new(refusal.rule, source(refusal), Outcome::Refused, took));
        }
    });
}

/// Where a refusal outside the lists of rules is demanded: what the storage decides in one statement has a section of its
/// own, the rest the one that registers the error code.
fn source(refusal: &Refusal) -> Source {
    let (rfc, section) = match refusal.rule {
        "check_code_once" => (6749, "4.1.2"),
        "check_refresh_once" => (9700, "4.14.2"),
        _ => return refusal.code.source(),
    };
    Source::Rfc { rfc, section: section.into() }
}

/// A trace for checks that bring their own, where that is noted.
pub(super) fn trace() -> Trace {
    if NOTES.try_with(|_| ()).is_ok() { Trace::on() } else { Trace::off() }
}

/// Those checks were run.
pub(super) fn traced(trace: Trace, list: impl IntoIterator<Item = &'static Check>) {
    if let Some((explained, _)) = trace.explain(list) {
        note(|checks, _| checks.extend(explained));
    }
}
