//! What was measured of one contender.

use super::contender::Contender;
use crate::wire::problem::Problem;
use crate::wire::trace::{CheckTrace, Outcome};

/// One answered call.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// From asking to the last byte, in microseconds.
    pub latency: f64,
    /// The guard's own time, in microseconds, where the server told it.
    pub guard: Option<f64>,
    /// The guard's checks, where the server told them.
    pub checks: Option<Vec<CheckTrace>>,
}

/// Why a contender was not measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// This tab has no key for it.
    NoKey,
    /// The server refused.
    Refused(Problem),
}

/// All calls of one contender.
#[derive(Debug, Clone, PartialEq)]
pub struct Tally {
    /// Which one.
    pub contender: Contender,
    /// Bytes of the request's head that this page decides on.
    pub request: usize,
    /// Bytes of the last answer's head.
    pub answer_head: usize,
    /// Bytes of the last answer's body.
    pub answer_body: usize,
    /// Each call's time, in microseconds.
    pub latencies: Vec<f64>,
    /// Each guard's time, in microseconds.
    pub guards: Vec<f64>,
    /// How many checks were run.
    pub run: usize,
    /// How many were remembered instead.
    pub remembered: usize,
    /// How often the store was read for the guard.
    pub reads: usize,
    /// Whether the server explained its checks.
    pub explained: bool,
    /// Why it ended early, if it did.
    pub obstacle: Option<Obstacle>,
}

impl Tally {
    /// Nothing measured yet.
    pub fn new(contender: Contender) -> Self {
        Tally {
            contender,
            request: 0,
            answer_head: 0,
            answer_body: 0,
            latencies: Vec::new(),
            guards: Vec::new(),
            run: 0,
            remembered: 0,
            reads: 0,
            explained: false,
            obstacle: None,
        }
    }

    /// Counts a call.
    pub fn add(&mut self, sample: Sample) {
        self.latencies.push(sample.latency);
        self.guards.extend(sample.guard);
        for check in sample.checks.into_iter().flatten() {
            self.explained = true;
            match check.outcome {
                Outcome::Passed => {
                    self.run += 1;
                    self.reads += usize::from(self.contender.reading_check() == Some(check.check.as_str()));
                }
                Outcome::Remembered => self.remembered += 1,
                Outcome::Refused | Outcome::NotReached => {}
            }
        }
    }

    /// How many calls were answered.
    pub fn calls(&self) -> usize {
        self.latencies.len()
    }
}

/// The value below which that part of all values lies, by the nearest rank; 0 of none.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
}

/// Microseconds as milliseconds with two places, such as `1.25`; whole numbers keep the formatting of floats out.
pub fn milliseconds(microseconds: f64) -> String {
    let hundredths = (microseconds / 10.0).round() as u64;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Microseconds with one place, such as `0.8`.
pub fn microseconds(value: f64) -> String {
    let tenths = (value * 10.0).round() as u64;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{Sample, Tally, microseconds, milliseconds, quantile};
    use crate::ui::measurement::contender::Contender;
    use crate::wire::trace::{CheckTrace, Outcome, Source};

    #[test]
    fn the_nearest_rank() {
        let values: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        assert_eq!(quantile(&values, 0.5), 10.0);
        assert_eq!(quantile(&values, 0.95), 19.0);
        assert_eq!(quantile(&[7.0], 0.95), 7.0);
        assert_eq!(quantile(&[], 0.5), 0.0);
    }

    #[test]
    fn numbers_for_people() {
        assert_eq!(milliseconds(1_254.0), "1.25");
        assert_eq!(milliseconds(40.0), "0.04");
        assert_eq!(microseconds(0.84), "0.8");
    }

    #[test]
    fn a_remembered_password_reads_nothing() {
        let check = |outcome| CheckTrace {
            check: "password".to_owned(),
            source: Source::rfc(7617, "2"),
            outcome,
            microseconds: 1.0,
        };
        let mut tally = Tally::new(Contender::Basic);
        for outcome in [Outcome::Passed, Outcome::Remembered, Outcome::Remembered] {
            tally.add(Sample { latency: 1.0, guard: Some(1.0), checks: Some(vec![check(outcome)]) });
        }
        assert_eq!((tally.calls(), tally.reads, tally.run, tally.remembered), (3, 1, 1, 2));
        let mut tally = Tally::new(Contender::Oauth);
        tally.add(Sample { latency: 1.0, guard: None, checks: Some(vec![check(Outcome::Passed)]) });
        assert_eq!((tally.reads, tally.run), (0, 1));
    }
}
