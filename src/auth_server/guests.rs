//! Throw-away accounts: somebody who tries a demo out gets one of their own, whose password they may change. There are
//! never many of them, and none grows old.

use super::accounts::{Accounts, AddError};
use super::password_pool::Lane;
use super::tokens::FEED_LIFETIME;
use crate::random::Random;
use crate::storage::Stored;
use crate::storage::accounts::{Account, AccountChange};
use crate::wire::base64url;
use crate::wire::guest::Guest;
use crate::wire::role::Role;

/// How many are kept; the oldest goes when one more comes.
const MOST: usize = 100;
/// How old one grows, in seconds.
const LIFETIME: i64 = 3600;

impl Accounts {
    /// Makes a throw-away account that may read.
    ///
    /// # Errors
    /// When too many passwords are being hashed, or hashing or storage fails.
    pub async fn add_guest(&self, random: &Random, now: i64) -> Result<Guest, AddError> {
        let password = random.identifier();
        // In the last lane: whoever makes guests, however many, waits behind everybody who signs in.
        let password_hash = self.hash(Lane::Suspect, &password, random).await?;
        loop {
            let username = format!("guest-{}", base64url::encode(random.bytes::<6>()).to_lowercase());
            let account = Account { id: random.identifier(), username: username.clone(), role: Role::Viewer };
            // With some 10¹² names a second draw is all but never needed.
            if self.storage.add_guest(&account, &password_hash, now).await? {
                self.keep_guests(MOST, now).await?;
                return Ok(Guest { username, password });
            }
        }
    }

    /// Removes the guests that have grown old.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn remove_old_guests(&self, now: i64) -> Stored<()> {
        let guests = self.storage.guests().await?;
        self.remove_guests(guests.into_iter().filter(|(_, made_at)| now - made_at >= LIFETIME), now).await
    }

    async fn keep_guests(&self, most: usize, now: i64) -> Stored<()> {
        let guests = self.storage.guests().await?;
        let too_many = guests.len().saturating_sub(most);
        self.remove_guests(guests.into_iter().take(too_many), now).await
    }

    async fn remove_guests(&self, guests: impl Iterator<Item = (String, i64)>, now: i64) -> Stored<()> {
        for (id, _) in guests {
            self.storage.change_account(&id, AccountChange::Removed, now, now + FEED_LIFETIME).await?;
            self.changed();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Accounts, Guest, LIFETIME};
    use crate::auth_server::accounts::SignInError;
    use crate::random::Random;
    use crate::storage::accounts::{Accounts as _, Realm};
    use crate::storage::sqlite::Sqlite;
    use crate::wire::role::Role;
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    async fn accounts() -> (tempfile::TempDir, Arc<Sqlite>, Accounts) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let storage = Arc::new(Sqlite::open(&url).await.unwrap());
        let accounts = Accounts::new(storage.clone(), &Random::system()).unwrap();
        (folder, storage, accounts)
    }

    async fn is_known(accounts: &Accounts, Guest { username, password }: &Guest, now: i64) -> bool {
        match accounts.sign_in(Realm::Pages, username, password, HERE, now).await {
            Ok(account) => account.role == Role::Viewer,
            Err(SignInError::Wrong) => false,
            Err(other) => panic!("{other}"),
        }
    }

    #[tokio::test]
    async fn the_oldest_goes_when_there_are_too_many() {
        let (_folder, storage, accounts) = accounts().await;
        let random = Random::system();
        // All in one second: the order is still the one in which they came.
        let first = accounts.add_guest(&random, 0).await.unwrap();
        let second = accounts.add_guest(&random, 0).await.unwrap();
        let third = accounts.add_guest(&random, 0).await.unwrap();
        accounts.keep_guests(2, 1).await.unwrap();
        assert_eq!(storage.guests().await.unwrap().len(), 2);
        for (guest, expected) in [(&first, false), (&second, true), (&third, true)] {
            assert_eq!(is_known(&accounts, guest, 1).await, expected);
        }
    }

    #[tokio::test]
    async fn none_grows_old_and_nobody_else_is_taken_for_one() {
        let (_folder, storage, accounts) = accounts().await;
        let random = Random::system();
        let made = accounts.add(Realm::Pages, "guest-of-honour", "a good one", Role::Viewer, &random, 0).await;
        assert!(made.unwrap());
        let guest = accounts.add_guest(&random, 0).await.unwrap();
        accounts.remove_old_guests(LIFETIME - 1).await.unwrap();
        assert!(is_known(&accounts, &guest, LIFETIME - 1).await);
        let before = accounts.generation();
        accounts.remove_old_guests(LIFETIME).await.unwrap();
        assert!(!is_known(&accounts, &guest, LIFETIME).await);
        assert!(accounts.generation() > before, "remembered passwords are void");
        assert!(storage.account_by_name(Realm::Pages, "guest-of-honour").await.unwrap().is_some());
    }
}
