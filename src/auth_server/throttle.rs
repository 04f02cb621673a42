//! Exponential delay after failures, counted per account and address together and per address, so that one
//! neighbour's guessing never locks the owner out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// The longest wait, in seconds.
const LONGEST: i64 = 300;
/// After this long without a failure, in seconds, everything is forgotten.
const FORGOTTEN_AFTER: i64 = 900;
/// The most entries kept; beyond it the oldest go.
const MOST: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    Account(String, IpAddr),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: i64,
}

/// Counts failures. Clones share one count.
#[derive(Debug, Clone)]
pub struct Throttle {
    counted: Arc<Mutex<HashMap<Counted, Failures>>>,
    free_per_account: u32,
    free_per_address: u32,
}

impl Throttle {
    /// For passwords: five wrong ones cost nothing, nor do fifty from one address for many accounts.
    pub fn for_passwords() -> Self {
        Self { counted: Arc::default(), free_per_account: 5, free_per_address: 50 }
    }

    /// For registrations, each of which counts: twenty from one address cost nothing.
    pub fn for_registrations() -> Self {
        Self { counted: Arc::default(), free_per_account: 20, free_per_address: 20 }
    }

    /// Seconds that a caller must still wait; `None` when it may try.
    pub fn wait(&self, account: &str, address: IpAddr, now: i64) -> Option<i64> {
        let counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let remaining = |key: &Counted, free: u32| {
            let failures = counted.get(key)?;
            let steps = failures.count.checked_sub(free)?;
            let delay = if steps < 9 { 1_i64 << steps } else { LONGEST };
            Some(failures.last + delay.min(LONGEST) - now).filter(|seconds| *seconds > 0)
        };
        let account = remaining(&Counted::Account(account.to_owned(), address), self.free_per_account);
        let address = remaining(&Counted::Address(address), self.free_per_address);
        account.max(address)
    }

    /// Counts a failure.
    pub fn failed(&self, account: &str, address: IpAddr, now: i64) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= MOST {
            counted.retain(|_, failures| now - failures.last < FORGOTTEN_AFTER);
        }
        if counted.len() >= MOST {
            // Still full of fresh entries: an attack with many names. Those per address go on counting.
            counted.retain(|key, _| matches!(key, Counted::Address(_)));
        }
        for key in [Counted::Account(account.to_owned(), address), Counted::Address(address)] {
            let failures = counted.entry(key).or_insert(Failures { count: 0, last: now });
            if now - failures.last >= FORGOTTEN_AFTER {
                failures.count = 0;
            }
            failures.count = failures.count.saturating_add(1);
            failures.last = now;
        }
    }

    /// Forgets the failures of an account from that address: its owner has shown the password.
    pub fn succeeded(&self, account: &str, address: IpAddr) {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        counted.remove(&Counted::Account(account.to_owned(), address));
    }
}

#[cfg(test)]
mod tests {
    use super::Throttle;
    use std::net::IpAddr;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));

    #[test]
    fn the_delay_doubles_and_ends() {
        let throttle = Throttle::for_passwords();
        for _ in 0..5 {
            assert_eq!(throttle.wait("alice", HERE, 0), None);
            throttle.failed("alice", HERE, 0);
        }
        assert_eq!(throttle.wait("alice", HERE, 0), Some(1));
        throttle.failed("alice", HERE, 1);
        assert_eq!(throttle.wait("alice", HERE, 1), Some(2));
        throttle.failed("alice", HERE, 3);
        assert_eq!(throttle.wait("alice", HERE, 3), Some(4));
        for _ in 0..20 {
            throttle.failed("alice", HERE, 10);
        }
        assert_eq!(throttle.wait("alice", HERE, 10), Some(300));
        assert_eq!(throttle.wait("alice", HERE, 310), None);
    }

    #[test]
    fn a_neighbour_does_not_lock_the_owner_out() {
        let throttle = Throttle::for_passwords();
        for _ in 0..40 {
            throttle.failed("alice", HERE, 0);
        }
        assert_eq!(throttle.wait("alice", THERE, 0), None);
        assert_eq!(throttle.wait("bob", HERE, 0), None);
    }

    #[test]
    fn many_names_from_one_address_are_throttled_too() {
        let throttle = Throttle::for_passwords();
        for name in 0..60 {
            throttle.failed(&format!("name{name}"), HERE, 0);
        }
        assert!(throttle.wait("another", HERE, 0).is_some());
        assert_eq!(throttle.wait("another", THERE, 0), None);
    }

    #[test]
    fn success_and_time_forget() {
        let throttle = Throttle::for_passwords();
        for _ in 0..6 {
            throttle.failed("alice", HERE, 0);
        }
        throttle.succeeded("alice", HERE);
        assert_eq!(throttle.wait("alice", HERE, 0), None);
    }

    #[test]
    fn the_memory_is_bounded() {
        let throttle = Throttle::for_passwords();
        for name in 0..50_000 {
            throttle.failed(&format!("name{name}"), HERE, 0);
        }
        assert!(throttle.counted.lock().unwrap().len() <= super::MOST + 1);
    }
}
