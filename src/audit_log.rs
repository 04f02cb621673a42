//! The audit log's writer: events are queued by both servers and appended in batches, so that no call waits for it.

use crate::clock::Clock;
use crate::storage::Storage;
use crate::wire::audit::AuditEvent;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// How many events may wait; beyond that, callers wait, so that none is lost.
const QUEUE: usize = 4096;
/// How many events one transaction takes.
const BATCH: usize = 256;

enum Message {
    Event(AuditEvent),
    Flush(oneshot::Sender<()>),
}

/// Appends events. Clones write to one log.
#[derive(Clone)]
pub struct AuditLog {
    queue: mpsc::Sender<Message>,
    clock: Clock,
}

/// What happened, without the time. No member may ever hold a secret.
#[derive(Debug, Clone, Copy, Default)]
pub struct Happened<'a> {
    /// The account, where known.
    pub account: &'a str,
    /// The client application, where one took part.
    pub client_id: &'a str,
    /// `basic`, `jwt`, `oauth` or `auth_server`.
    pub key: &'a str,
    /// What was asked.
    pub action: &'a str,
    /// The rule that refused; `None` where all allowed.
    pub refused_by: Option<&'a str>,
}

impl AuditLog {
    /// Starts the writer. It ends when the last clone is dropped.
    pub fn start(storage: Arc<dyn Storage>, clock: Clock) -> Self {
        let (queue, mut waiting) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            let mut messages = Vec::with_capacity(BATCH);
            while waiting.recv_many(&mut messages, BATCH).await > 0 {
                let mut events = Vec::with_capacity(messages.len());
                let mut flushed = Vec::new();
                for message in messages.drain(..) {
                    match message {
                        Message::Event(event) => events.push(event),
                        Message::Flush(done) => flushed.push(done),
                    }
                }
                if !events.is_empty()
                    && let Err(error) = storage.append_events(&events).await
                {
                    tracing::error!(%error, events = events.len(), "audit events could not be stored");
                }
                for done in flushed {
                    // Whoever asked may have gone away; that is no fault.
                    let _ = done.send(());
                }
            }
        });
        Self { queue, clock }
    }

    /// Records what happened, in the log of the process and in storage.
    pub async fn record(&self, happened: Happened<'_>) {
        let Happened { account, client_id, key, action, refused_by } = happened;
        match refused_by {
            None => tracing::info!(account, client_id, key, action, "allowed"),
            Some(rule) => {
                let labels = [("key", key.to_owned()), ("check", rule.to_owned())];
                metrics::counter!("three_keys_refusals_total", &labels).increment(1);
                tracing::info!(account, client_id, key, action, rule, "refused");
            }
        }
        let event = AuditEvent {
            id: 0,
            at: self.clock.now(),
            account: account.to_owned(),
            client_id: client_id.to_owned(),
            key: key.to_owned(),
            action: action.to_owned(),
            outcome: if refused_by.is_none() { "allowed" } else { "refused" }.to_owned(),
            rule: refused_by.unwrap_or_default().to_owned(),
        };
        // The writer only ends with the process.
        let _ = self.queue.send(Message::Event(event)).await;
    }

    /// Waits until everything recorded so far is stored.
    pub async fn flush(&self) {
        let (done, stored) = oneshot::channel();
        if self.queue.send(Message::Flush(done)).await.is_ok() {
            let _ = stored.await;
        }
    }
}
