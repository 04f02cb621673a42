//! Removes in the background what has expired, in bounded batches.

use crate::clock::Clock;
use crate::revocation_feed::RevocationFeed;
use crate::storage::Storage;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often it looks.
const INTERVAL: Duration = Duration::from_secs(60);
/// How many rows of a kind go at once, so that no other call waits long for the writer.
const BATCH: u32 = 500;

/// Starts it. It ends when the handle is aborted.
pub(super) fn start(storage: Arc<dyn Storage>, feed: RevocationFeed, clock: Clock) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        loop {
            ticks.tick().await;
            let now = clock.now();
            feed.forget_before(now);
            loop {
                match storage.remove_expired(now, BATCH).await {
                    Ok(0) => break,
                    Ok(removed) => tracing::debug!(removed, "removed what has expired"),
                    Err(error) => {
                        tracing::error!(%error, "expired rows could not be removed");
                        break;
                    }
                }
                tokio::task::yield_now().await;
            }
        }
    })
}
