//! Exponential delay after failures, counted per account and address together and per address, so that one
//! neighbour's guessing never locks the owner out.

use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The longest wait, in seconds.
const LONGEST: i64 = 300;
/// After this long without a failure, in seconds, everything is forgotten.
const FORGOTTEN_AFTER: i64 = 900;
/// The most entries kept; beyond it the oldest go.
const MOST: usize = 20_000;

/// How many accounts with the address they were signed in to from are known; the longest unused go first.
const KNOWN: usize = 10_000;
/// How many of those who were asked to come back are remembered; the longest unused go first.
const ASKED_BACK: usize = 20_000;
/// How long after it was asked a caller is expected back, in seconds.
const EXPECTED: std::ops::RangeInclusive<i64> = 1..=60;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Counted {
    Account(String, IpAddr),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: i64,
    /// Whether somebody was already refused because of these.
    refused: bool,
}

/// Counts failures. Clones share one count.
#[derive(Debug, Clone)]
pub struct Throttle {
    counted: Arc<Mutex<HashMap<Counted, Failures>>>,
    known: Arc<Cache<Counted, ()>>,
    asked_back: Arc<Cache<Counted, i64>>,
    free_per_account: u32,
    free_per_address: u32,
}

/// Too many attempts failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttled {
    /// Seconds to wait.
    pub seconds: i64,
    /// Whether this is the first refusal since the last failure: worth a line in the audit log, which a flood of
    /// further ones must not fill.
    pub is_news: bool,
}

/// What is known of whoever tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// This account was signed in to from this address lately.
    Known,
    /// It was asked to come back, and does when it was asked to. A flood from ever new addresses never does.
    Patient,
    /// Nothing failed from this address lately.
    Unknown,
    /// Something failed from this address lately.
    Suspect,
}

/// An attempt under way. It counts as a failure until it is known to be none, so that many at once are no way around
/// the count.
#[must_use = "an attempt that is dropped has failed"]
#[derive(Debug)]
pub struct Attempt<'a> {
    throttle: &'a Throttle,
    account: Counted,
    address: Counted,
    /// What was known before it.
    pub standing: Standing,
}

impl Throttle {
    /// For passwords: five wrong ones cost nothing, nor do fifty from one address for many accounts.
    pub fn for_passwords() -> Self {
        Self::new(5, 50)
    }

    /// For registrations, each of which counts: twenty from one address cost nothing.
    pub fn for_registrations() -> Self {
        Self::new(20, 20)
    }

    fn new(free_per_account: u32, free_per_address: u32) -> Self {
        Self {
            counted: Arc::default(),
            known: Arc::new(Cache::new(KNOWN)),
            asked_back: Arc::new(Cache::new(ASKED_BACK)),
            free_per_account,
            free_per_address,
        }
    }

    /// Begins an attempt.
    ///
    /// # Errors
    /// When the caller must still wait.
    pub fn attempt(&self, account: &str, address: IpAddr, now: i64) -> Result<Attempt<'_>, Throttled> {
        let network = network(address);
        let keys = [
            (Counted::Account(account.to_owned(), network), self.free_per_account),
            (Counted::Address(network), self.free_per_address),
        ];
        let mut counted = self.counted();
        let waits = keys.iter().map(|(key, free)| remaining(&counted, key, *free, now)).max().flatten();
        if let Some(seconds) = waits {
            let mut is_news = false;
            for (key, free) in &keys {
                if remaining(&counted, key, *free, now).is_some()
                    && let Some(failures) = counted.get_mut(key)
                {
                    is_news |= !std::mem::replace(&mut failures.refused, true);
                }
            }
            return Err(Throttled { seconds, is_news });
        }
        let [(account, _), (address, _)] = keys;
        let is_suspect =
            counted.get(&address).is_some_and(|failures| failures.count > 0 && now - failures.last < FORGOTTEN_AFTER);
        let was_asked_back = || self.asked_back.get(&account).is_some_and(|at| EXPECTED.contains(&(now - at)));
        let standing = match self.known.get(&account) {
            Some(()) => Standing::Known,
            None if is_suspect => Standing::Suspect,
            None if was_asked_back() => Standing::Patient,
            None => Standing::Unknown,
        };
        make_room(&mut counted, now);
        for key in [&account, &address] {
            let failures = counted.entry(key.clone()).or_insert(Failures { count: 0, last: now, refused: false });
            if now - failures.last >= FORGOTTEN_AFTER {
                failures.count = 0;
            }
            *failures = Failures { count: failures.count.saturating_add(1), last: now, refused: false };
        }
        Ok(Attempt { throttle: self, account, address, standing })
    }

    fn counted(&self) -> MutexGuard<'_, HashMap<Counted, Failures>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// The owner has shown the password: the failures of this account from this address are forgotten, and the owner
    /// is known here.
    pub fn succeeded(self) {
        let mut counted = self.throttle.counted();
        counted.remove(&self.account);
        take_back(&mut counted, &self.address);
        drop(counted);
        self.throttle.known.insert(self.account, ());
    }

    /// There was no room for it: it does not count, and the caller is asked to come back.
    pub fn asked_back(self, now: i64) {
        self.throttle.asked_back.insert(self.account.clone(), now);
        self.withdrawn();
    }

    /// Nothing was found out: the attempt does not count.
    pub fn withdrawn(self) {
        let mut counted = self.throttle.counted();
        take_back(&mut counted, &self.account);
        take_back(&mut counted, &self.address);
    }
}

/// Whoever has one IPv6 address has the whole /64 that it is in, so that is what counts.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
        address @ IpAddr::V4(_) => address,
    }
}

/// The seconds that must still pass.
fn remaining(counted: &HashMap<Counted, Failures>, key: &Counted, free: u32, now: i64) -> Option<i64> {
    let failures = counted.get(key)?;
    if now - failures.last >= FORGOTTEN_AFTER {
        return None;
    }
    let steps = failures.count.checked_sub(free)?;
    let delay = if steps < 9 { 1_i64 << steps } else { LONGEST };
    Some(failures.last + delay.min(LONGEST) - now).filter(|seconds| *seconds > 0)
}

fn take_back(counted: &mut HashMap<Counted, Failures>, key: &Counted) {
    if let Entry::Occupied(mut failures) = counted.entry(key.clone()) {
        failures.get_mut().count -= 1;
        if failures.get().count == 0 {
            failures.remove();
        }
    }
}

fn make_room(counted: &mut HashMap<Counted, Failures>, now: i64) {
    if counted.len() >= MOST {
        counted.retain(|_, failures| now - failures.last < FORGOTTEN_AFTER);
    }
    if counted.len() >= MOST {
        // Still full of fresh entries: an attack with many names. Those per address go on counting.
        counted.retain(|key, _| matches!(key, Counted::Address(_)));
    }
    if counted.len() >= MOST {
        // From very many addresses, even. The pool's own bound is what holds then.
        counted.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{FORGOTTEN_AFTER, Standing, Throttle, Throttled};
    use std::net::IpAddr;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));

    /// An attempt that fails, or the seconds to wait.
    fn fail(throttle: &Throttle, account: &str, address: IpAddr, now: i64) -> Option<i64> {
        throttle.attempt(account, address, now).err().map(|throttled| throttled.seconds)
    }

    #[test]
    fn the_delay_doubles_and_ends() {
        let throttle = Throttle::for_passwords();
        for _ in 0..5 {
            assert_eq!(fail(&throttle, "alice", HERE, 0), None);
        }
        let mut now = 0;
        for delay in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
            assert_eq!(fail(&throttle, "alice", HERE, now), Some(delay));
            assert_eq!(fail(&throttle, "alice", HERE, now + delay - 1), Some(1));
            now += delay;
            assert_eq!(fail(&throttle, "alice", HERE, now), None, "the wait of {delay} is over");
        }
        assert_eq!(fail(&throttle, "alice", HERE, now + FORGOTTEN_AFTER), None);
        assert_eq!(fail(&throttle, "alice", HERE, now + FORGOTTEN_AFTER), None, "all was forgotten");
    }

    #[test]
    fn a_neighbour_does_not_lock_the_owner_out() {
        let throttle = Throttle::for_passwords();
        for _ in 0..40 {
            let _ = fail(&throttle, "alice", HERE, 0);
        }
        assert_eq!(fail(&throttle, "alice", THERE, 0), None);
        assert_eq!(fail(&throttle, "bob", HERE, 0), None);
    }

    #[test]
    fn many_names_from_one_address_are_throttled_too() {
        let throttle = Throttle::for_passwords();
        for name in 0..60 {
            let _ = fail(&throttle, &format!("name{name}"), HERE, 0);
        }
        assert!(fail(&throttle, "another", HERE, 0).is_some());
        assert_eq!(fail(&throttle, "another", THERE, 0), None);
    }

    #[test]
    fn the_addresses_of_one_ipv6_network_are_one() {
        let throttle = Throttle::for_passwords();
        for host in 0..60 {
            let _ = fail(&throttle, &format!("name{host}"), format!("2001:db8::{host:x}").parse().unwrap(), 0);
        }
        assert!(fail(&throttle, "another", "2001:db8::ffff".parse().unwrap(), 0).is_some());
        assert_eq!(fail(&throttle, "another", "2001:db8:0:1::1".parse().unwrap(), 0), None);
    }

    #[test]
    fn attempts_at_the_same_time_count_before_they_have_failed() {
        let throttle = Throttle::for_passwords();
        let under_way: Vec<_> = (0..200).filter_map(|_| throttle.attempt("alice", HERE, 0).ok()).collect();
        assert_eq!(under_way.len(), 5);
    }

    #[test]
    fn success_forgets_and_what_found_nothing_out_does_not_count() {
        let throttle = Throttle::for_passwords();
        for _ in 0..4 {
            let _ = fail(&throttle, "alice", HERE, 0);
        }
        throttle.attempt("alice", HERE, 0).unwrap().succeeded();
        for _ in 0..100 {
            throttle.attempt("alice", HERE, 0).unwrap().withdrawn();
        }
        assert_eq!(fail(&throttle, "alice", HERE, 0), None);
    }

    #[test]
    fn who_failed_is_suspect_and_who_succeeded_is_known() {
        let throttle = Throttle::for_passwords();
        let standing = |account, address, now| throttle.attempt(account, address, now).unwrap();
        assert_eq!(standing("alice", HERE, 0).standing, Standing::Unknown);
        let again = standing("alice", HERE, 0);
        assert_eq!(again.standing, Standing::Suspect);
        again.succeeded();
        assert_eq!(standing("alice", HERE, 0).standing, Standing::Known);
        assert_eq!(standing("bob", HERE, 0).standing, Standing::Suspect);
        assert_eq!(standing("alice", THERE, 0).standing, Standing::Unknown);
        assert_eq!(standing("bob", HERE, FORGOTTEN_AFTER).standing, Standing::Unknown);
    }

    #[test]
    fn who_comes_back_when_asked_to_goes_before_who_is_new() {
        let throttle = Throttle::for_passwords();
        throttle.attempt("alice", HERE, 0).unwrap().asked_back(0);
        let standing = |account, now| {
            let attempt = throttle.attempt(account, HERE, now).unwrap();
            let standing = attempt.standing;
            attempt.withdrawn();
            standing
        };
        assert_eq!(standing("alice", 0), Standing::Unknown, "too early");
        assert_eq!(standing("alice", 1), Standing::Patient);
        assert_eq!(standing("bob", 1), Standing::Unknown);
        assert_eq!(standing("alice", 61), Standing::Unknown, "too late");
        let _ = fail(&throttle, "alice", HERE, 1);
        assert_eq!(standing("alice", 1), Standing::Suspect, "patience does not outweigh a failure");
    }

    #[test]
    fn only_the_first_refusal_after_a_failure_is_news() {
        let throttle = Throttle::for_passwords();
        for _ in 0..5 {
            let _ = fail(&throttle, "alice", HERE, 0);
        }
        let refused = |now| throttle.attempt("alice", HERE, now).unwrap_err();
        assert_eq!(refused(0), Throttled { seconds: 1, is_news: true });
        assert_eq!(refused(0), Throttled { seconds: 1, is_news: false });
        let _ = fail(&throttle, "alice", HERE, 1);
        assert_eq!(refused(1), Throttled { seconds: 2, is_news: true });
    }

    #[test]
    fn the_memory_is_bounded() {
        let throttle = Throttle::for_passwords();
        for number in 0..50_000_u32 {
            let _ = fail(&throttle, &format!("name{number}"), IpAddr::V4(number.into()), 0);
        }
        assert!(throttle.counted().len() <= super::MOST + 1);
    }
}
