//! Accounts and their passwords: argon2id in a bounded pool, the same work for unknown accounts.

use super::password_pool::{Busy, Lane, PasswordPool};
use super::throttle::{Standing, Throttle, Throttled};
use super::tokens::FEED_LIFETIME;
use crate::random::Random;
use crate::storage::accounts::{Account, AccountChange, Changed, Realm};
use crate::storage::{Storage, StorageError, Stored};
use crate::wire::role::Role;
use argon2::password_hash::{PasswordHasher, SaltString};
use argon2::{Argon2, Params};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use unicode_normalization::UnicodeNormalization;

/// The longest user name, in bytes.
pub const MAX_USERNAME: usize = 128;
/// The longest password, in bytes.
pub const MAX_PASSWORD: usize = 1024;

/// Knows who shows the right password. Clones share everything.
#[derive(Clone)]
pub struct Accounts {
    pub(super) storage: Arc<dyn Storage>,
    pool: PasswordPool,
    /// Who guesses too often.
    pub throttle: Throttle,
    /// Verified in place of an account that does not exist, so that both take the same time.
    nobody: Arc<str>,
    /// Counts the changes of accounts. Whatever was concluded from an older state is void.
    generation: Arc<AtomicU64>,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The password is wrong, or there is no such account: nobody is told which.
    #[error("that account and password do not fit together")]
    Wrong,
    /// Too many attempts failed.
    #[error("too many attempts from this address; wait {} seconds", .0.seconds)]
    Throttled(Throttled),
    /// Too many passwords are being checked.
    #[error("too many passwords are being checked; try again in a moment")]
    Busy,
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Seconds after which a caller may try again who came when too many passwords were being checked.
pub const RETRY_WHEN_BUSY: i64 = 1;

impl SignInError {
    /// The check that refused, for the audit log; `None` for what a flood would fill the log with, and for failures of
    /// our own.
    pub fn check(&self) -> Option<&'static str> {
        match self {
            SignInError::Wrong => Some("password"),
            SignInError::Throttled(throttled) => throttled.is_news.then_some("throttle"),
            SignInError::Busy | SignInError::Storage(_) => None,
        }
    }
}

impl Accounts {
    /// Starts the threads that hash.
    ///
    /// # Errors
    /// When hashing fails, or the system gives no thread.
    pub fn new(storage: Arc<dyn Storage>, random: &Random) -> Result<Self, AddError> {
        let half = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
        let nobody = hash(&random.token(), random)?.into();
        let pool = PasswordPool::start(half).map_err(AddError::Thread)?;
        Ok(Self { storage, pool, throttle: Throttle::for_passwords(), nobody, generation: Arc::default() })
    }

    /// The account with that name and password in that realm. A wrong password and an unknown account are refused
    /// alike, after the same work.
    ///
    /// # Errors
    /// Why nobody was signed in.
    pub async fn sign_in(
        &self,
        realm: Realm,
        username: &str,
        password: &str,
        address: IpAddr,
        now: i64,
    ) -> Result<Account, SignInError> {
        // No account has such a name; what is left takes the same way as any other wrong pair.
        let fits = username.len() <= MAX_USERNAME && password.len() <= MAX_PASSWORD;
        let (username, password) = if fits { (normal(username), normal(password)) } else { Default::default() };
        let counted =
            |outcome: &'static str| metrics::counter!("three_keys_passwords_total", "outcome" => outcome).increment(1);
        let attempt =
            self.throttle.attempt(&format!("{} {username}", realm.as_str()), address, now).map_err(|throttled| {
                counted("throttled");
                SignInError::Throttled(throttled)
            })?;
        let lane = match attempt.standing {
            Standing::Known => Lane::Known,
            Standing::Patient => Lane::Patient,
            Standing::Unknown => Lane::Unknown,
            Standing::Suspect => Lane::Suspect,
        };
        let Ok(place) = self.pool.place(lane) else {
            counted("busy");
            attempt.asked_back(now);
            return Err(SignInError::Busy);
        };
        let found = match self.storage.account_by_name(realm, &username).await {
            Ok(found) => found,
            Err(error) => {
                attempt.withdrawn();
                return Err(error.into());
            }
        };
        let (account, stored_hash) = match found {
            Some((account, stored_hash)) => (Some(account), stored_hash.into()),
            None => (None, self.nobody.clone()),
        };
        let Ok(fits) = self.pool.verify(place, password, stored_hash).await else {
            attempt.withdrawn();
            return Err(SignInError::Busy);
        };
        match account.filter(|_| fits) {
            Some(account) => {
                counted("right");
                attempt.succeeded();
                Ok(account)
            }
            None => {
                counted("wrong");
                Err(SignInError::Wrong)
            }
        }
    }

    /// Which state of the accounts a conclusion is drawn from. Take it before you look.
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Voids what was concluded so far: a password, role or account has changed.
    pub fn changed(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// The argon2id hash of a new password in PHC form. It is hashed where all passwords are, so that no number of new
    /// ones takes more of the machine than is set aside for them.
    pub(super) async fn hash(&self, lane: Lane, password: &str, random: &Random) -> Result<String, AddError> {
        let busy = |Busy| AddError::Busy;
        let place = self.pool.place(lane).map_err(busy)?;
        Ok(self.pool.hash(place, normal(password), random.clone()).await.map_err(busy)??)
    }

    /// Adds an account unless the name is taken in that realm.
    ///
    /// # Errors
    /// When too many passwords are being hashed, or hashing or storage fails.
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
        let password_hash = self.hash(Lane::Known, password, random).await?;
        Ok(self.storage.add_account(realm, &account, &password_hash, now).await?)
    }
}

/// Why an account could not be added or given another password.
#[derive(Debug, thiserror::Error)]
pub enum AddError {
    /// Too many passwords are being hashed.
    #[error("too many passwords are being hashed; try again in a moment")]
    Busy,
    /// Hashing failed.
    #[error("the password could not be hashed: {0}")]
    Hash(#[from] argon2::password_hash::Error),
    /// The system gives no thread to hash in.
    #[error("no thread could be started to hash passwords: {0}")]
    Thread(std::io::Error),
    /// Storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// RFC 7617 §2.1 leaves to us how the same letters written in two ways are made one: normalization form C, which
/// PRECIS asks for (RFC 8265 §3.3 and §4.2).
pub(crate) fn normal(text: &str) -> String {
    text.nfc().collect()
}

/// argon2id with the parameters that OWASP names first: 19 MiB, two passes, one lane.
pub(super) fn hasher() -> Argon2<'static> {
    Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, Params::DEFAULT)
}

pub(super) fn hash(password: &str, random: &Random) -> Result<String, argon2::password_hash::Error> {
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

/// What the operator or the owner does with accounts, which ends all that an account has open.
impl Accounts {
    /// Gives an account another password.
    ///
    /// # Errors
    /// When too many passwords are being hashed, or hashing or storage fails.
    pub async fn set_password(
        &self,
        realm: Realm,
        username: &str,
        password: &str,
        random: &Random,
        now: i64,
    ) -> Result<Changed, AddError> {
        // Whoever may do this has shown the old password, or is the operator.
        let password_hash = self.hash(Lane::Known, password, random).await?;
        Ok(self.change(realm, username, AccountChange::Password(&password_hash), now).await?)
    }

    /// Changes or removes the account of that name.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn change(&self, realm: Realm, username: &str, change: AccountChange<'_>, now: i64) -> Stored<Changed> {
        match self.storage.account_by_name(realm, &normal(username)).await? {
            Some((account, _)) => {
                let changed = self.storage.change_account(&account.id, change, now, now + FEED_LIFETIME).await;
                // Here at once; other processes find the change in storage.
                self.changed();
                changed
            }
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

/// The fewest characters of a password that somebody chooses (NIST SP 800-63B §5.1.1.2).
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
