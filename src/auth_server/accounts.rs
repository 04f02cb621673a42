//! Accounts and their passwords: argon2id in a bounded pool, the same work for unknown accounts.

use super::tokens::FEED_LIFETIME;
use crate::random::Random;
use crate::storage::accounts::{Account, AccountChange, Changed, Realm};
use crate::storage::{Storage, StorageError, Stored};
use crate::wire::role::Role;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Argon2, Params};
use std::sync::Arc;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// The longest user name, in bytes.
pub const MAX_USERNAME: usize = 128;
/// The longest password, in bytes.
pub const MAX_PASSWORD: usize = 1024;

/// Verifies passwords. Clones share one pool.
#[derive(Clone)]
pub struct Accounts {
    storage: Arc<dyn Storage>,
    /// How many hashes may be computed at once: a flood of guesses must leave the processor to the other calls.
    pool: Arc<Semaphore>,
    /// Verified in place of an account that does not exist, so that both take the same time.
    nobody: Arc<str>,
}

impl Accounts {
    /// Makes the verifier.
    ///
    /// # Errors
    /// When hashing fails.
    pub fn new(storage: Arc<dyn Storage>, random: &Random) -> Result<Self, argon2::password_hash::Error> {
        let half = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        let nobody = hash(&random.token(), random)?.into();
        Ok(Self { storage, pool: Arc::new(Semaphore::new(half)), nobody })
    }

    /// The account with that name and password in that realm, or `None` for a wrong password and an unknown account
    /// alike, after the same work.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn verify(&self, realm: Realm, username: &str, password: &str) -> Stored<Option<Account>> {
        if username.len() > MAX_USERNAME || password.len() > MAX_PASSWORD {
            return Ok(None);
        }
        let found = self.storage.account_by_name(realm, &normal(username)).await?;
        let (account, stored_hash) = match found {
            Some((account, stored_hash)) => (Some(account), stored_hash),
            None => (None, self.nobody.to_string()),
        };
        let password = normal(password);
        // The semaphore is never closed.
        let permit = self.pool.clone().acquire_owned().await;
        let fits = tokio::task::spawn_blocking(move || {
            let fits = PasswordHash::new(&stored_hash)
                .is_ok_and(|parsed| hasher().verify_password(password.as_bytes(), &parsed).is_ok());
            drop(permit);
            fits
        })
        .await
        .unwrap_or(false);
        Ok(account.filter(|_| fits))
    }

    /// Adds an account unless the name is taken in that realm.
    ///
    /// # Errors
    /// When hashing or storage fails.
    pub async fn add(
        &self,
        realm: Realm,
        username: &str,
        password: &str,
        role: Role,
        random: &Random,
        now: i64,
    ) -> Result<bool, AddError> {
        let account = Account { id: random.identifier(), username: normal(username), role };
        let password_hash = hash(&normal(password), random)?;
        Ok(self.storage.add_account(realm, &account, &password_hash, now).await?)
    }
}

/// Why an account could not be added.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// Hashing failed.
    #[error("the password could not be hashed: {0}")]
    Hash(#[from] argon2::password_hash::Error),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// RFC 7617 §2.1 leaves to us how the same letters written in two ways are made one: normalization form C, which
/// PRECIS asks for (RFC 8265 §3.3 and §4.2).
fn normal(text: &str) -> String {
    text.nfc().collect()
}

/// argon2id with the parameters that OWASP names first: 19 MiB, two passes, one lane.
fn hasher() -> Argon2<'static> {
    Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, Params::DEFAULT)
}

fn hash(password: &str, random: &Random) -> Result<String, argon2::password_hash::Error> {
    let salt = SaltString::encode_b64(&random.bytes::<16>())?;
    Ok(hasher().hash_password(password.as_bytes(), &salt)?.to_string())
}

/// The demo accounts, exactly as in the outside contract.
pub const DEMO: [(Realm, &str, &str, Role); 4] = [
    (Realm::Pages, "alice", "wonderland", Role::Admin),
    (Realm::Pages, "bob", "open:sesame", Role::Viewer),
    (Realm::Pages, "chloé", "crème-brûlée", Role::Editor),
    (Realm::Audit, "auditor", "trust-but-verify", Role::Auditor),
];

/// What the operator does with accounts, which ends all that an account has open.
impl Accounts {
    /// Gives an account another password.
    ///
    /// # Errors
    /// When hashing or storage fails.
    pub async fn set_password(
        &self,
        realm: Realm,
        username: &str,
        password: &str,
        random: &Random,
        now: i64,
    ) -> Result<Changed, AddError> {
        let password_hash = hash(&normal(password), random)?;
        Ok(self.change(realm, username, AccountChange::Password(&password_hash), now).await?)
    }

    /// Changes or removes the account of that name.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn change(&self, realm: Realm, username: &str, change: AccountChange<'_>, now: i64) -> Stored<Changed> {
        match self.storage.account_by_name(realm, &normal(username)).await? {
            Some((account, _)) => self.storage.change_account(&account.id, change, now, now + FEED_LIFETIME).await,
            None => Ok(Changed::Unknown),
        }
    }
}

/// Why a name or password cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The name does not fit into Basic credentials (RFC 7617 §2), or into our limits.
    #[error(
        "a user name has 1 to {MAX_USERNAME} bytes, no colon, no control character, and no space at its beginning or end"
    )]
    Username,
    /// The password is too easily guessed, or does not fit into Basic credentials.
    #[error("a password has at least {MIN_PASSWORD} characters, at most {MAX_PASSWORD} bytes and no control character")]
    Password,
}

/// The fewest characters of a password that the operator sets (NIST SP 800-63B §5.1.1.2).
pub const MIN_PASSWORD: usize = 8;

/// Whether a new account may have that name.
///
/// # Errors
/// When it may not.
pub fn check_username(username: &str) -> Result<(), Unfit> {
    let normal = normal(username);
    let fits = (1..=MAX_USERNAME).contains(&normal.len())
        && normal.trim() == normal
        && !normal.chars().any(|character| character == ':' || character.is_control());
    if fits { Ok(()) } else { Err(Unfit::Username) }
}

/// Whether an account may have that password.
///
/// # Errors
/// When it may not.
pub fn check_password(password: &str) -> Result<(), Unfit> {
    let normal = normal(password);
    let fits =
        normal.chars().count() >= MIN_PASSWORD && normal.len() <= MAX_PASSWORD && !normal.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(Unfit::Password) }
}

#[cfg(test)]
mod tests {
    use super::{check_password, check_username};

    #[test]
    fn names_fit_into_basic_credentials() {
        for good in ["a", "chloé", "two words", "a@b.example"] {
            assert!(check_username(good).is_ok(), "{good}");
        }
        for bad in ["", " a", "a ", "a:b", "a\nb", &"a".repeat(129)] {
            assert!(check_username(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn passwords_are_long_enough_and_can_be_sent() {
        assert!(check_password("pässwörd").is_ok() && check_password(&"a".repeat(1024)).is_ok());
        for bad in ["", "1234567", "a\nb456789", &"a".repeat(1025)] {
            assert!(check_password(bad).is_err(), "{bad:?}");
        }
    }
}
