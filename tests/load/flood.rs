//! A flood of wrong passwords: what it leaves of the throughput of those who hold a token, and whether somebody who
//! knows the password still gets in.

use crate::Scale;
use crate::connection::{Connection, JSON, get, loopback, post};
use crate::good::{self, Served, basic};
use crate::report::{Report, median, milliseconds};
use crate::server::Server;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// Where the flood comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// Loopback addresses, a new one with each new connection.
    Addresses,
    /// A proxy that names another address with each call.
    Proxy,
}

const CONNECTIONS: u32 = 200;
const PER_SECOND: u32 = 500;
/// After so many calls a connection is given up for one from another address.
const CALLS_PER_ADDRESS: u32 = 10;
/// How many connections hold a token and use it.
const GOOD: usize = 16;
/// How long the one with the right password goes on trying.
const OWNER_TRIES: Duration = Duration::from_secs(15);

const OWNERS: [(&str, &str); 3] = [("bob", "open:sesame"), ("chloé", "crème-brûlée"), ("alice", "wonderland")];

#[derive(Default)]
struct Counts {
    sent: AtomicUsize,
    /// By status, 0 where the caller did not wait any longer.
    answers: Mutex<BTreeMap<u16, usize>>,
}

pub async fn run(binary: &Path, scale: Scale, from: From, report: &mut Report) {
    let flags: &[&str] = if from == From::Proxy { &["--behind-proxy"] } else { &[] };
    let server = Server::start(binary, flags);
    let to = server.address;
    let request = good::request(to).await;
    // Not measured: the first calls find everything cold.
    good::as_fast_as_it_goes(to, &request, GOOD, Duration::from_secs(1)).await;

    let (mut without, mut with) = (Vec::new(), Vec::new());
    let mut all_with = Served::default();
    let (mut p99_without, mut arrived) = (Duration::ZERO, Vec::new());
    let (mut owners, mut answers) = (Vec::new(), BTreeMap::new());
    for round in 0..scale.rounds {
        let mut served = good::as_fast_as_it_goes(to, &request, GOOD, scale.round).await;
        p99_without = p99_without.max(served.p99());
        without.push(served.per_second());

        let (running, counts) = (Arc::new(AtomicBool::new(true)), Arc::new(Counts::default()));
        let callers: Vec<_> = (0..CONNECTIONS)
            .map(|number| tokio::spawn(attack(to, from, number, running.clone(), counts.clone())))
            .collect();
        // The flood must have risen before it is measured.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let sent_before = counts.sent.load(Ordering::Relaxed);
        let owner = tokio::spawn(enter(to, from, OWNERS[round % OWNERS.len()], round));
        let served = good::as_fast_as_it_goes(to, &request, GOOD, scale.round).await;
        arrived.push((counts.sent.load(Ordering::Relaxed) - sent_before) as f64 / served.time.as_secs_f64());
        with.push(served.per_second());
        all_with.took.extend(served.took);
        all_with.failed += served.failed;
        owners.push(owner.await.unwrap());
        running.store(false, Ordering::Relaxed);
        for caller in callers {
            caller.await.unwrap();
        }
        for (status, count) in counts.answers.lock().unwrap().iter() {
            *answers.entry(*status).or_insert(0) += count;
        }
    }

    let (arrived, without, with) = (median(arrived), median(without), median(with));
    report.state("at least 450 wrong passwords a second arrived", format!("{arrived:.0}/s"), arrived >= 450.0);
    let answers: Vec<String> = answers
        .iter()
        .map(|(status, count)| match status {
            0 => format!("no answer in time: {count}"),
            status => format!("{status}: {count}"),
        })
        .collect();
    report.figure("  what they met", answers.join(", "));
    report.figure("  /api/oauth/pages without the flood", format!("{without:.0}/s, p99 {}", milliseconds(p99_without)));
    report.figure("  /api/oauth/pages with the flood", format!("{with:.0}/s"));
    report.state("it keeps 80 % of its throughput", format!("{:.0} %", 100.0 * with / without), with >= 0.8 * without);
    let p99 = all_with.p99();
    report.state("with a p99 below 100 ms", milliseconds(p99), p99 < Duration::from_millis(100));
    report.state("and every call served", format!("{} failed", all_with.failed), all_with.failed == 0);
    let all_in = owners.iter().all(|owner| owner.took.is_some());
    let told: Vec<String> = owners.iter().map(Entered::in_words).collect();
    report.state("a right password from a new address gets in", told.join("; "), all_in);
    let largest = server.largest_ever();
    report.state("in less than 256 MB", format!("{largest} MB"), largest < 256);
}

/// An address that was not used before.
fn new_address() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// What the proxy says of where the call comes from.
fn forwarded(from: From, address: Ipv4Addr) -> String {
    match from {
        From::Addresses => String::new(),
        From::Proxy => format!("x-forwarded-for: {address}\r\n"),
    }
}

fn wrong(to: SocketAddr, from: From, number: u32) -> Vec<u8> {
    let [_, a, b, c] = number.to_be_bytes();
    let header = forwarded(from, Ipv4Addr::new(11, a, b, c));
    // Names that exist and names that don't, at the guard and at the sign-in.
    let name = match number % 8 {
        0 => "alice".to_owned(),
        1 => "bob".to_owned(),
        2 => "chloé".to_owned(),
        3 => "auditor".to_owned(),
        _ => format!("nobody-{number}"),
    };
    let password = format!("wrong-{number}");
    if number.is_multiple_of(3) {
        let body = serde_json::json!({"username": name, "password": password}).to_string();
        return post(to, "/api/jwt/sign_in", &header, JSON, &body);
    }
    get(to, "/api/basic/pages", &format!("{header}{}", basic(&name, &password)))
}

async fn attack(to: SocketAddr, from: From, number: u32, running: Arc<AtomicBool>, counts: Arc<Counts>) {
    let period = Duration::from_secs(1) * CONNECTIONS / PER_SECOND;
    let mut ticks = tokio::time::interval_at(Instant::now() + period * number / CONNECTIONS, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (mut connection, mut calls) = (None, 0);
    while running.load(Ordering::Relaxed) {
        let due = ticks.tick().await;
        let attempt = async {
            let mut open = match connection.take() {
                Some(open) => open,
                None => Connection::open(loopback(new_address()), to).await?,
            };
            counts.sent.fetch_add(1, Ordering::Relaxed);
            let answer = open.call(&wrong(to, from, new_address())).await?;
            calls += 1;
            if !answer.closes && calls % CALLS_PER_ADDRESS != 0 {
                connection = Some(open);
            }
            Ok::<_, std::io::Error>(answer.status)
        };
        // Who does not get an answer before the next call is due hangs up and calls again: a flood does not queue.
        let outcome = tokio::time::timeout_at(due + period, attempt).await;
        let status = match outcome {
            Ok(Ok(status)) => status,
            _ => 0,
        };
        *counts.answers.lock().unwrap().entry(status).or_insert(0) += 1;
    }
}

/// How somebody with the right password fared.
struct Entered {
    name: &'static str,
    tries: usize,
    took: Option<Duration>,
    last: u16,
}

impl Entered {
    fn in_words(&self) -> String {
        let tries = if self.tries == 1 { "1 try".to_owned() } else { format!("{} tries", self.tries) };
        match self.took {
            Some(took) => format!("{} {} ({tries})", self.name, milliseconds(took)),
            None => format!("{} not within {} s ({tries}, last {})", self.name, OWNER_TRIES.as_secs(), self.last),
        }
    }
}

/// Calls from an address of its own, waits as long as it is told to, and calls again.
async fn enter(to: SocketAddr, from: From, (name, password): (&'static str, &str), round: usize) -> Entered {
    let place = u8::try_from(round).unwrap_or_default() + 10;
    let header = forwarded(from, Ipv4Addr::new(198, 51, 100, place));
    let request = get(to, "/api/basic/pages", &format!("{header}{}", basic(name, password)));
    let mut entered = Entered { name, tries: 0, took: None, last: 0 };
    let begin = Instant::now();
    while begin.elapsed() < OWNER_TRIES {
        entered.tries += 1;
        let attempt = async { Connection::open(Ipv4Addr::new(127, 0, 9, place), to).await?.call(&request).await };
        let wait = match tokio::time::timeout_at(begin + OWNER_TRIES, attempt).await {
            Ok(Ok(answer)) => {
                entered.last = answer.status;
                if answer.status == 200 {
                    entered.took = Some(begin.elapsed());
                    return entered;
                }
                answer.retry_after.unwrap_or(Duration::from_secs(1))
            }
            _ => Duration::from_secs(1),
        };
        tokio::time::sleep(wait).await;
    }
    entered
}
