//! Removes in the background what has expired, in bounded batches, guests that have grown old, and takes up keys that a rotation has added.

use crate::auth_server::accounts::Accounts;
use crate::auth_server::keys::IssuerKeys;
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
pub(super) fn start(
    storage: Arc<dyn Storage>,
    accounts: Accounts,
    feed: RevocationFeed,
    keys: Vec<IssuerKeys>,
    clock: Clock,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(INTERVAL);
        loop {
            ticks.tick().await;
            let now = clock.now();
            feed.forget_before(now);
            for keys in &keys {
                if let Err(error) = keys.reload().await {
                    tracing::error!(%error, "the signing keys could not be read again");
                } else if let Err(error) = keys.remove_expired(now).await {
                    tracing::error!(%error, "expired signing keys could not be removed");
                }
            }
            if let Err(error) = accounts.remove_old_guests(now).await {
                tracing::error!(%error, "guests that have grown old could not be removed");
            }
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
