//! Follows what other processes write into the database, twice a second: revocations, and changes of accounts. So a
//! token that was revoked elsewhere, or a password that was changed from the command line, ends here within a second.

use crate::auth_server::accounts::Accounts;
use crate::revocation_feed::RevocationFeed;
use crate::storage::{Storage, Stored};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::MissedTickBehavior;

/// How often it looks.
const INTERVAL: Duration = Duration::from_millis(500);

/// What was seen so far.
pub(super) struct Follower {
    storage: Arc<dyn Storage>,
    feed: RevocationFeed,
    accounts: Accounts,
    last_revocation: i64,
    account_changes: i64,
}

impl Follower {
    /// Takes up everything that is stored.
    pub(super) async fn catch_up(storage: Arc<dyn Storage>, feed: RevocationFeed, accounts: Accounts) -> Stored<Self> {
        let account_changes = storage.account_changes().await?;
        let mut follower = Self { storage, feed, accounts, last_revocation: 0, account_changes };
        follower.look().await?;
        Ok(follower)
    }

    /// Takes up what was written since.
    async fn look(&mut self) -> Stored<()> {
        for entry in self.storage.revocations_after(self.last_revocation).await? {
            self.last_revocation = entry.id;
            self.feed.publish(entry.value, entry.expires_at);
        }
        let account_changes = self.storage.account_changes().await?;
        if account_changes != self.account_changes {
            self.account_changes = account_changes;
            self.accounts.changed();
        }
        Ok(())
    }

    /// Goes on looking. It ends when the handle is aborted.
    pub(super) fn start(mut self) -> JoinHandle<()> {
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(INTERVAL);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                if let Err(error) = self.look().await {
                    tracing::error!(%error, "revocations and account changes of other processes could not be read");
                }
            }
        })
    }
}
