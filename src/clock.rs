//! The clock that issues and checks: the system's, or one that a test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// A source of the present time, in whole seconds since 1970-01-01 UTC. Clones share one time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Moved(Arc<AtomicI64>),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Clock(Source::System)
    }

    /// A clock that stands at `seconds` until it is moved.
    pub fn at(seconds: i64) -> Self {
        Clock(Source::Moved(Arc::new(AtomicI64::new(seconds))))
    }

    /// Moves a standing clock forward by `seconds`. The system's clock does not move by hand.
    pub fn advance(&self, seconds: i64) {
        if let Source::Moved(time) = &self.0 {
            time.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    /// The present time in seconds since 1970-01-01 UTC.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask the system")]
    pub fn now(&self) -> i64 {
        match &self.0 {
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |elapsed| i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)),
            Source::Moved(time) => time.load(Ordering::SeqCst),
        }
    }
}
