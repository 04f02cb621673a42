//! Which connections live: at most so many, at most so many from one address, and none that does nothing for long.
//! Beyond the limit the one that idles longest makes room, so that whoever opens thousands and is silent on them keeps
//! nobody out.

use super::config::Config;
use crate::auth_server::throttle::network;
use metrics::{counter, gauge};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// For so long after it was served, a caller's connection is not taken away for another's.
const SPARED: Duration = Duration::from_secs(1);
/// A connection is not looked at more often.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// So many idle periods without a request end a connection that writes on and on.
const LONGEST_WITHOUT_REQUEST: u32 = 10;

/// Every open connection.
pub(super) struct Connections {
    most: usize,
    most_per_address: usize,
    first_request: Duration,
    idle: Duration,
    uptime: Uptime,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    connections: HashMap<u64, Arc<Connection>>,
    per_address: HashMap<IpAddr, usize>,
    next: u64,
}

/// What is known of one connection. Times are milliseconds since the start.
pub(super) struct Connection {
    from: IpAddr,
    uptime: Uptime,
    opened: u64,
    last_request: AtomicU64,
    last_write: AtomicU64,
    requests: AtomicU64,
    working: AtomicUsize,
    ended: Notify,
}

/// A place among the connections. Dropping it gives the place back.
pub(super) struct Admitted {
    id: u64,
    /// The connection itself.
    pub(super) connection: Arc<Connection>,
    all: Arc<Connections>,
}

/// A request whose answer is being made: for as long, its connection is not idle.
pub(super) struct Working(Arc<Connection>);

impl Connections {
    pub(super) fn new(config: &Config) -> Arc<Self> {
        let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        // The address of every connection is the proxy's, where there is one.
        let per_address = if config.behind_proxy { config.max_connections } else { config.max_connections_per_address };
        Arc::new(Self {
            most: count(config.max_connections.get()),
            most_per_address: count(per_address.get()),
            first_request: Duration::from_secs(config.header_timeout_seconds.get()),
            idle: Duration::from_secs(config.idle_timeout_seconds.get()),
            uptime: Uptime::start(),
            open: Mutex::default(),
        })
    }

    /// Takes a new connection in, if need be at the cost of one that idles; `None` when all are at work.
    pub(super) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Admitted> {
        let from = network(address);
        let now = self.uptime.millis();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let crowded = open.per_address.get(&from).is_some_and(|count| *count >= self.most_per_address);
        if crowded && !open.make_room(now, Some(from))
            || open.connections.len() >= self.most && !open.make_room(now, None)
        {
            counter!("three_keys_connections_total", "outcome" => "refused").increment(1);
            return None;
        }
        let connection = Arc::new(Connection {
            from,
            uptime: self.uptime.clone(),
            opened: now,
            last_request: AtomicU64::new(now),
            last_write: AtomicU64::new(now),
            requests: AtomicU64::new(0),
            working: AtomicUsize::new(0),
            ended: Notify::new(),
        });
        let id = open.next;
        open.next += 1;
        open.connections.insert(id, connection.clone());
        *open.per_address.entry(from).or_default() += 1;
        drop(open);
        counter!("three_keys_connections_total", "outcome" => "accepted").increment(1);
        gauge!("three_keys_connections_open").increment(1);
        Some(Admitted { id, connection, all: self.clone() })
    }

    /// Ends the connection that idles longest, where the system has no room for another.
    pub(super) fn end_one(&self) {
        let now = self.uptime.millis();
        self.open.lock().unwrap_or_else(PoisonError::into_inner).make_room(now, None);
    }

    /// Ends all.
    pub(super) fn end_all(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.connections.values().for_each(|connection| connection.end());
    }
}

impl Open {
    /// Ends the connection that idles longest, of that network if one is named: first among those that never asked for
    /// anything. Answers whether there was one.
    fn make_room(&mut self, now: u64, from: Option<IpAddr>) -> bool {
        let spared = u64::try_from(SPARED.as_millis()).unwrap_or(u64::MAX);
        let longest = self
            .connections
            .iter()
            .filter(|(_, connection)| from.is_none_or(|from| connection.from == from))
            .filter(|(_, connection)| connection.working.load(Ordering::Relaxed) == 0)
            .map(|(id, connection)| {
                let stranger = connection.requests.load(Ordering::Relaxed) == 0;
                (!stranger, connection.last_activity(), *id)
            })
            .filter(|(known, last, _)| !known || now.saturating_sub(*last) >= spared)
            .min();
        let Some((_, _, id)) = longest else { return false };
        if let Some(connection) = self.remove(id) {
            connection.end();
            counter!("three_keys_connections_total", "outcome" => "evicted").increment(1);
        }
        true
    }

    fn remove(&mut self, id: u64) -> Option<Arc<Connection>> {
        let connection = self.connections.remove(&id)?;
        if let Some(count) = self.per_address.get_mut(&connection.from) {
            *count -= 1;
            if *count == 0 {
                self.per_address.remove(&connection.from);
            }
        }
        Some(connection)
    }
}

impl Connection {
    /// A request has arrived whole; it is at work until what is returned is dropped.
    pub(super) fn work(self: &Arc<Self>) -> Working {
        self.working.fetch_add(1, Ordering::Relaxed);
        Working(self.clone())
    }

    /// The head of a request has arrived.
    pub(super) fn asked(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.last_request.store(self.uptime.millis(), Ordering::Relaxed);
    }

    /// Bytes have been taken off by the caller's side.
    pub(super) fn wrote(&self) {
        self.last_write.store(self.uptime.millis(), Ordering::Relaxed);
    }

    fn last_activity(&self) -> u64 {
        self.last_request.load(Ordering::Relaxed).max(self.last_write.load(Ordering::Relaxed))
    }

    fn end(&self) {
        self.ended.notify_one();
    }
}

impl Admitted {
    /// Waits until the connection has to make room, or has done nothing for too long.
    pub(super) async fn over(&self) {
        let connection = &self.connection;
        loop {
            tokio::select! {
                () = connection.ended.notified() => return,
                () = tokio::time::sleep(self.left().max(LOOK_AGAIN)) => {}
            }
            // Work has a limit of its own.
            if connection.working.load(Ordering::Relaxed) == 0 && self.left().is_zero() {
                counter!("three_keys_connections_total", "outcome" => "timed_out").increment(1);
                return;
            }
        }
    }

    /// How long until the connection has done nothing for too long, if it does nothing until then.
    fn left(&self) -> Duration {
        let connection = &self.connection;
        let idle = &self.all.idle;
        let until = if connection.requests.load(Ordering::Relaxed) == 0 {
            Duration::from_millis(connection.opened) + self.all.first_request
        } else {
            let silent = Duration::from_millis(connection.last_activity()) + *idle;
            let last_request = Duration::from_millis(connection.last_request.load(Ordering::Relaxed));
            silent.min(last_request + *idle * LONGEST_WITHOUT_REQUEST)
        };
        until.saturating_sub(Duration::from_millis(connection.uptime.millis()))
    }
}

impl Drop for Admitted {
    fn drop(&mut self) {
        self.all.open.lock().unwrap_or_else(PoisonError::into_inner).remove(self.id);
        gauge!("three_keys_connections_open").decrement(1);
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.last_request.store(self.0.uptime.millis(), Ordering::Relaxed);
        self.0.working.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Milliseconds since the start. A test moves them forward.
#[derive(Debug, Clone)]
struct Uptime {
    start: Instant,
    moved: Arc<AtomicU64>,
}

impl Uptime {
    fn start() -> Self {
        Self { start: Instant::now(), moved: Arc::default() }
    }

    fn millis(&self) -> u64 {
        let elapsed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        elapsed.saturating_add(self.moved.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::{Admitted, Connections};
    use crate::host::config::Config;
    use std::sync::Arc;
    use std::sync::atomic::Ordering;

    const HERE: &str = "192.0.2.1";
    const THERE: &str = "192.0.2.2";

    fn connections(most: u32, most_per_address: u32) -> Arc<Connections> {
        Connections::new(&Config {
            max_connections: most.try_into().unwrap(),
            max_connections_per_address: most_per_address.try_into().unwrap(),
            ..Config::default()
        })
    }

    fn admit(all: &Arc<Connections>, from: &str) -> Option<Admitted> {
        all.admit(from.parse().unwrap())
    }

    fn advance(all: &Connections, seconds: u64) {
        all.uptime.moved.fetch_add(seconds * 1000, Ordering::Relaxed);
    }

    /// Whether it lost its place to another.
    fn made_room(all: &Connections, admitted: &Admitted) -> bool {
        !all.open.lock().unwrap().connections.contains_key(&admitted.id)
    }

    #[test]
    fn the_longest_idle_stranger_makes_room() {
        let all = connections(3, 3);
        let regular = admit(&all, THERE).unwrap();
        regular.connection.asked();
        advance(&all, 5);
        let (first, second) = (admit(&all, HERE).unwrap(), admit(&all, HERE).unwrap());
        let third = admit(&all, HERE).unwrap();
        assert!(made_room(&all, &first), "it made room");
        assert!(!made_room(&all, &regular) && !made_room(&all, &second) && !made_room(&all, &third));
    }

    #[test]
    fn one_address_makes_room_for_itself_alone() {
        let all = connections(10, 2);
        let other = admit(&all, THERE).unwrap();
        let (first, second) = (admit(&all, HERE).unwrap(), admit(&all, HERE).unwrap());
        let _third = admit(&all, HERE).unwrap();
        assert!(made_room(&all, &first));
        assert!(!made_room(&all, &other) && !made_room(&all, &second));
    }

    #[test]
    fn who_is_at_work_is_not_disturbed() {
        let all = connections(1, 1);
        let busy = admit(&all, HERE).unwrap();
        busy.connection.asked();
        let work = busy.connection.work();
        advance(&all, 100);
        assert!(admit(&all, HERE).is_none() && admit(&all, THERE).is_none());
        drop(work);
        assert!(admit(&all, THERE).is_none(), "it was served just now");
        advance(&all, 2);
        assert!(admit(&all, THERE).is_some());
    }

    #[test]
    fn silence_ends_a_connection() {
        let all = connections(10, 10);
        let silent = admit(&all, HERE).unwrap();
        advance(&all, 16);
        assert!(silent.left().is_zero(), "it never asked");
        let asked = admit(&all, HERE).unwrap();
        asked.connection.asked();
        advance(&all, 40);
        assert!(!asked.left().is_zero());
        asked.connection.wrote();
        advance(&all, 40);
        assert!(!asked.left().is_zero(), "the caller takes the answer off");
        advance(&all, 30);
        assert!(asked.left().is_zero());
    }

    #[test]
    fn places_are_given_back() {
        let all = connections(1, 1);
        for _ in 0..5 {
            let admitted = admit(&all, HERE).unwrap();
            let work = admitted.connection.work();
            assert!(admit(&all, HERE).is_none());
            drop(work);
        }
        let open = all.open.lock().unwrap();
        assert!(open.connections.is_empty() && open.per_address.is_empty());
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let network = |text: &str| super::network(text.parse().unwrap());
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:2"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }
}
