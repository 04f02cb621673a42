//! The audit log's writer: events are queued by both servers and appended in batches, so that no call waits for the disk.
//!
//! A flood of refusals must not become a flood of work. What arrives within a moment is one transaction, however much it
//! is; a refusal that came more than once in that moment, from the same address by the same rule, is one row with a
//! count; and when the queue is full all the same, a refusal is counted rather than waited for. What was *allowed* is
//! never dropped: its caller waits for room.

use crate::clock::Clock;
use crate::request_id;
use crate::storage::Storage;
use crate::wire::audit::AuditEvent;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

/// How many events may wait.
const QUEUE: usize = 4096;
/// How many events one transaction takes.
const BATCH: usize = 1024;
/// How long a moment is: as much as a crash may take from the log, and the most that a reader waits.
const MOMENT: Duration = Duration::from_millis(100);
/// The rule of the row that says how many refusals found the queue full.
const OVERFLOW: &str = "audit_overflow";

enum Message {
    Event(Box<AuditEvent>),
    Flush(oneshot::Sender<()>),
}

/// Appends events. Clones write to one log.
#[derive(Clone)]
pub struct AuditLog {
    queue: mpsc::Sender<Message>,
    clock: Clock,
    /// Refusals that found the queue full.
    uncounted: Arc<AtomicI64>,
}

/// What happened, without the time. No member may ever hold a secret.
#[derive(Debug, Clone, Copy, Default)]
pub struct Happened<'a> {
    /// The account, where known.
    pub account: &'a str,
    /// The client application, where one took part.
    pub client_id: &'a str,
    /// `basic`, `jwt`, `oauth`, `auth_server` or `command_line`.
    pub key: &'a str,
    /// What was asked.
    pub action: &'a str,
    /// The rule that refused; `None` where all allowed.
    pub refused_by: Option<&'a str>,
}

impl AuditLog {
    /// Starts the writer. It ends when the last clone is dropped.
    pub fn start(storage: Arc<dyn Storage>, clock: Clock) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let uncounted = Arc::new(AtomicI64::new(0));
        tokio::spawn(write(waiting, storage, clock.clone(), uncounted.clone()));
        Self { queue, clock, uncounted }
    }

    /// Records what happened, in the log of the process and in storage.
    pub async fn record(&self, happened: Happened<'_>) {
        let Happened { account, client_id, key, action, refused_by } = happened;
        let request_id = request_id::current();
        let address = request_id::address().map(|address| address.to_string()).unwrap_or_default();
        match refused_by {
            None => tracing::info!(account, client_id, key, action, request_id, address, "allowed"),
            Some(rule) => {
                let labels = [("key", key.to_owned()), ("check", rule.to_owned())];
                metrics::counter!("three_keys_refusals_total", &labels).increment(1);
                tracing::info!(account, client_id, key, action, rule, request_id, address, "refused");
            }
        }
        let event = Box::new(AuditEvent {
            id: 0,
            at: self.clock.now(),
            account: account.to_owned(),
            client_id: client_id.to_owned(),
            key: key.to_owned(),
            action: action.to_owned(),
            outcome: if refused_by.is_none() { ALLOWED } else { REFUSED }.to_owned(),
            rule: refused_by.unwrap_or_default().to_owned(),
            request_id,
            address,
            times: 1,
        });
        match self.queue.try_send(Message::Event(event)) {
            Err(TrySendError::Full(_)) if refused_by.is_some() => {
                self.uncounted.fetch_add(1, Ordering::Relaxed);
            }
            Err(TrySendError::Full(message)) => {
                let _ = self.queue.send(message).await;
            }
            // The writer only ends with the process.
            Ok(()) | Err(TrySendError::Closed(_)) => {}
        }
    }

    /// Waits until everything recorded so far is stored.
    pub async fn flush(&self) {
        let (done, stored) = oneshot::channel();
        if self.queue.send(Message::Flush(done)).await.is_ok() {
            let _ = stored.await;
        }
    }
}

const ALLOWED: &str = "allowed";
const REFUSED: &str = "refused";

async fn write(
    mut waiting: mpsc::Receiver<Message>,
    storage: Arc<dyn Storage>,
    clock: Clock,
    uncounted: Arc<AtomicI64>,
) {
    while let Some(first) = waiting.recv().await {
        let (mut events, mut flushed) = (Vec::new(), Vec::new());
        let deadline = Instant::now() + MOMENT;
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Event(event) => add(&mut events, *event),
                Message::Flush(done) => flushed.push(done),
            }
            // Who waits for the log gets it at once, with all that was queued before the question.
            let is_over = !flushed.is_empty() || events.len() >= BATCH;
            next = if is_over { None } else { timeout_at(deadline, waiting.recv()).await.ok().flatten() };
        }
        let lost = uncounted.swap(0, Ordering::Relaxed);
        if lost > 0 {
            events.push(overflow(clock.now(), lost));
        }
        let count = events.len();
        if count > 0
            && let Err(error) = storage.append_events(events).await
        {
            tracing::error!(%error, events = count, "audit events could not be stored");
        }
        for done in flushed {
            // Whoever asked may have gone away; that is no fault.
            let _ = done.send(());
        }
    }
}

/// Adds the event, or counts it where the same refusal is there already. Only the last few rows are looked at, so that
/// the work for each event stays the same however long the batch is.
fn add(events: &mut Vec<AuditEvent>, event: AuditEvent) {
    let same = |known: &&mut AuditEvent| {
        let AuditEvent { account, client_id, key, action, outcome, rule, address, .. } = &event;
        outcome == REFUSED
            && known.outcome == REFUSED
            && (&known.address, &known.rule, &known.action) == (address, rule, action)
            && (&known.key, &known.account, &known.client_id) == (key, account, client_id)
    };
    match events.iter_mut().rev().take(16).find(same) {
        Some(known) => known.times += 1,
        None => events.push(event),
    }
}

fn overflow(at: i64, times: i64) -> AuditEvent {
    AuditEvent {
        id: 0,
        at,
        account: String::new(),
        client_id: String::new(),
        key: String::new(),
        action: String::new(),
        outcome: REFUSED.to_owned(),
        rule: OVERFLOW.to_owned(),
        request_id: String::new(),
        address: String::new(),
        times,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

    use super::{AuditLog, Happened};
    use crate::clock::Clock;
    use crate::request_id;
    use crate::storage::Storage;
    use crate::storage::sqlite::Sqlite;
    use std::sync::Arc;

    async fn storage() -> (tempfile::TempDir, Arc<dyn Storage>) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        (folder, Arc::new(Sqlite::open(&url).await.unwrap()))
    }

    fn refused(rule: &str) -> Happened<'_> {
        Happened { key: "basic", action: "read_pages", refused_by: Some(rule), ..Happened::default() }
    }

    #[tokio::test]
    async fn a_flood_of_one_refusal_is_a_row_with_a_count_and_nothing_allowed_is_lost() {
        let (_folder, storage) = storage().await;
        let log = AuditLog::start(storage.clone(), Clock::at(1));
        let from = Some(std::net::IpAddr::from([192, 0, 2, 1]));
        for number in 0..20_000 {
            request_id::scope(number.to_string(), from, log.record(refused("password"))).await;
            if number % 100 == 0 {
                log.record(Happened { account: "alice", action: "write_page", ..Happened::default() }).await;
            }
        }
        log.flush().await;
        let events = storage.newest_events(10_000, None).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.outcome == "allowed").count(), 200);
        let refusals: Vec<_> = events.iter().filter(|event| event.outcome == "refused").collect();
        assert_eq!(refusals.iter().map(|event| event.times).sum::<i64>(), 20_000, "each is counted");
        assert!(refusals.len() < 2_000, "{} rows", refusals.len());
        let first = events.last().unwrap();
        assert_eq!((first.request_id.as_str(), first.address.as_str()), ("0", "192.0.2.1"));
    }

    #[tokio::test]
    async fn refusals_by_another_rule_or_address_stay_apart() {
        let (_folder, storage) = storage().await;
        let log = AuditLog::start(storage.clone(), Clock::at(1));
        for (rule, last) in [("password", 1), ("password", 2), ("role", 1), ("password", 1)] {
            let from = Some(std::net::IpAddr::from([192, 0, 2, last]));
            request_id::scope("r".to_owned(), from, log.record(refused(rule))).await;
        }
        log.flush().await;
        let times: Vec<_> = storage.newest_events(10, None).await.unwrap().iter().map(|event| event.times).collect();
        assert_eq!(times, [1, 1, 2]);
    }
}
