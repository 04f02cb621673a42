//! So many times a minute and no more, from one address: for what costs a hash and is nobody's failure.

use crate::auth_server::throttle::network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How long one count goes on, in seconds.
const PERIOD: i64 = 60;
/// From how many addresses is counted; beyond it the counts that are over go, and then all.
const MOST: usize = 20_000;

#[derive(Debug)]
struct Count {
    since: i64,
    times: u32,
    refused: bool,
}

/// Counts per address.
#[derive(Debug)]
pub struct Quota {
    allowed: u32,
    counts: Mutex<HashMap<IpAddr, Count>>,
}

/// It was too often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exceeded {
    /// Seconds to wait.
    pub(super) seconds: i64,
    /// Whether this is the first refusal of its period: worth a line in the audit log, which a flood of further ones
    /// must not fill.
    pub(super) is_news: bool,
}

impl Quota {
    /// So many times a minute from one address.
    pub fn per_minute(allowed: u32) -> Self {
        Self { allowed, counts: Mutex::default() }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// When it is one too many.
    pub(super) fn take(&self, address: IpAddr, now: i64) -> Result<(), Exceeded> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST {
            counts.retain(|_, count| now - count.since < PERIOD);
        }
        if counts.len() >= MOST {
            // From very many addresses at once. The password pool's own bound is what holds then.
            counts.clear();
        }
        let count = counts.entry(network(address)).or_insert(Count { since: now, times: 0, refused: false });
        if now - count.since >= PERIOD {
            *count = Count { since: now, times: 0, refused: false };
        }
        if count.times == self.allowed {
            let is_news = !std::mem::replace(&mut count.refused, true);
            return Err(Exceeded { seconds: count.since + PERIOD - now, is_news });
        }
        count.times += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Exceeded, Quota};
    use std::net::IpAddr;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_too_many_waits_for_the_minute_to_end() {
        let quota = Quota::per_minute(2);
        let here = address("192.0.2.1");
        assert_eq!([quota.take(here, 10), quota.take(here, 20)], [Ok(()), Ok(())]);
        assert_eq!(quota.take(here, 30), Err(Exceeded { seconds: 40, is_news: true }));
        assert_eq!(quota.take(here, 69), Err(Exceeded { seconds: 1, is_news: false }));
        assert_eq!(quota.take(address("192.0.2.2"), 30), Ok(()), "another address is another count");
        assert_eq!(quota.take(here, 70), Ok(()));
    }

    #[test]
    fn a_network_of_ipv6_addresses_is_one_address() {
        let quota = Quota::per_minute(1);
        assert_eq!(quota.take(address("2001:db8::1"), 0), Ok(()));
        assert!(quota.take(address("2001:db8::2"), 0).is_err());
        assert_eq!(quota.take(address("2001:db8:0:1::1"), 0), Ok(()));
    }
}
