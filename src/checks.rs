//! A verifier is an ordered list of named checks. Here is what a check is, how it refuses, and how a verifier that was
//! asked to explain itself notes each one with its time.

use crate::wire::trace::{CheckTrace, Outcome, Source};
use std::time::{Duration, Instant};

/// One check: its name, and where it is demanded.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Its name, as problem documents and the audit log tell it.
    pub name: &'static str,
    /// The RFC that demands it, by number.
    pub rfc: u16,
    /// The section there.
    pub section: &'static str,
}

impl Check {
    /// A check of that name, demanded there.
    pub const fn new(name: &'static str, rfc: u16, section: &'static str) -> Self {
        Self { name, rfc, section }
    }

    /// Where it is demanded, as it is told.
    pub const fn source(&self) -> Source {
        Source::rfc(self.rfc, self.section)
    }

    /// The check refuses, with words for the one who sent what was checked. Never a part of what was sent.
    pub const fn refuse(&'static self, detail: &'static str) -> Refused {
        Refused { check: self, detail }
    }
}

/// A check that was not passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{detail} ({}, RFC {} §{})", check.name, check.rfc, check.section)]
pub struct Refused {
    /// The check.
    pub check: &'static Check,
    /// What is wrong.
    pub detail: &'static str,
}

impl Refused {
    /// What is wrong, and where it is demanded.
    pub fn in_words(&self) -> String {
        format!("{} (RFC {} §{})", self.detail, self.check.rfc, self.check.section)
    }
}

/// Notes the checks of one call, if anybody wants to know; otherwise it does nothing at all.
#[derive(Debug, Default)]
pub struct Trace(Option<Vec<(&'static Check, Outcome, Duration)>>);

impl Trace {
    /// Notes nothing.
    pub fn off() -> Self {
        Self(None)
    }

    /// Notes every check.
    pub fn on() -> Self {
        Self(Some(Vec::with_capacity(24)))
    }

    /// Whether it notes anything.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Runs a check.
    ///
    /// # Errors
    /// What the check says.
    pub fn check<T, E>(&mut self, check: &'static Check, run: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let started = self.start();
        let outcome = run();
        self.finish(check, started, outcome.is_ok());
        outcome
    }

    /// The beginning of a check that has to wait for something.
    pub fn start(&self) -> Option<Instant> {
        self.0.as_ref().map(|_| Instant::now())
    }

    /// The end of such a check.
    pub fn finish(&mut self, check: &'static Check, started: Option<Instant>, passed: bool) {
        if let (Some(noted), Some(started)) = (&mut self.0, started) {
            noted.push((check, if passed { Outcome::Passed } else { Outcome::Refused }, started.elapsed()));
        }
    }

    /// Checks whose outcome is known from before; looking it up took the time since `started`.
    pub fn remembered(&mut self, checks: &[&'static Check], started: Option<Instant>) {
        if let (Some(noted), Some(started)) = (&mut self.0, started) {
            let mut took = started.elapsed();
            for check in checks {
                noted.push((check, Outcome::Remembered, took));
                took = Duration::ZERO;
            }
        }
    }

    /// What was noted, completed by the checks of the list that were not reached, in the list's order; and the whole
    /// time. `None` when nothing was to be noted.
    pub fn explain(self, list: impl IntoIterator<Item = &'static Check>) -> Option<(Vec<CheckTrace>, Duration)> {
        let mut noted = self.0?.into_iter().peekable();
        let mut whole = Duration::ZERO;
        let mut explained = Vec::new();
        for check in list {
            let (outcome, took) = match noted.next_if(|(reached, ..)| *reached == check) {
                Some((_, outcome, took)) => (outcome, took),
                None => (Outcome::NotReached, Duration::ZERO),
            };
            whole += took;
            explained.push(CheckTrace::new(check.name, check.source(), outcome, took));
        }
        debug_assert!(noted.peek().is_none(), "every check that runs stands in the list, in its place");
        Some((explained, whole))
    }
}

#[cfg(test)]
mod tests {
    use super::{Check, Trace};
    use crate::wire::trace::Outcome::{NotReached, Passed, Refused, Remembered};

    static ONE: Check = Check::new("one", 1, "1");
    static TWO: Check = Check::new("two", 2, "2.2");
    static THREE: Check = Check::new("three", 3, "3");

    #[test]
    fn what_was_not_reached_is_told_too() {
        let mut trace = Trace::on();
        assert!(trace.check(&ONE, || Ok::<_, super::Refused>(())).is_ok());
        let refused = trace.check(&TWO, || Err::<(), _>(TWO.refuse("no"))).unwrap_err();
        assert_eq!(refused.to_string(), "no (two, RFC 2 §2.2)");
        let (explained, _) = trace.explain([&ONE, &TWO, &THREE]).unwrap();
        let outcomes: Vec<_> = explained.iter().map(|one| one.outcome).collect();
        assert_eq!(outcomes, [Passed, Refused, NotReached]);
    }

    #[test]
    fn the_order_is_the_lists() {
        let mut trace = Trace::on();
        let started = trace.start();
        trace.remembered(&[&ONE, &TWO], started);
        let (explained, _) = trace.explain([&ONE, &TWO, &THREE]).unwrap();
        let outcomes: Vec<_> = explained.iter().map(|one| one.outcome).collect();
        assert_eq!(outcomes, [Remembered, Remembered, NotReached]);
    }

    #[test]
    fn nothing_is_noted_unless_asked_for() {
        let mut trace = Trace::off();
        assert!(trace.start().is_none());
        assert!(trace.check(&ONE, || Ok::<_, super::Refused>(())).is_ok());
        assert!(trace.explain([&ONE]).is_none());
    }
}
