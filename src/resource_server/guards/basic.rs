//! HTTP Basic (RFC 7617): a password with every call.
//!
//! The checks in their order: credentials are there, they are well-formed, not too many were wrong before, the password
//! fits in this realm, the role allows the operation. A pair that was verified a moment ago is not hashed again.

use super::credentials::{Credentials, credentials};
use super::{Call, Caller, ROLE, Rejection, check_role, not_signed_in};
use crate::auth_server::accounts::{Accounts, SignInError};
use crate::checks::{Check, Trace};
use crate::random::Random;
use crate::resource_server::ResourceServer;
use crate::storage::accounts::{Account, Realm};
use crate::wire::base64url;
use crate::wire::problem::Problem;
use crate::wire::role::Operation;
use aws_lc_rs::hmac;
use quick_cache::sync::Cache;
use std::net::IpAddr;
use std::sync::Arc;

static CREDENTIALS: Check = Check::new("credentials", 7617, "2");
static WELL_FORMED: Check = Check::new("well_formed", 7617, "2");
static THROTTLE: Check = Check::new("throttle", 6585, "4");
static PASSWORD: Check = Check::new("password", 7617, "2");

/// What the guard checks, in its order.
pub(super) static CHECKS: [&Check; 5] = [&CREDENTIALS, &WELL_FORMED, &THROTTLE, &PASSWORD, &ROLE];

/// Each realm is a protection space of its own: the credentials of one do not open the other (RFC 7617 §2).
fn realm_of(operation: Operation) -> Realm {
    if operation == Operation::ReadAudit { Realm::Audit } else { Realm::Pages }
}

/// The challenge of a realm. Credentials are in UTF-8 (RFC 7617 §2.1).
fn challenge(realm: Realm) -> String {
    format!(r#"Basic realm="{}", charset="UTF-8""#, realm.name())
}

/// Lets the caller through to the operation, or says why not.
pub(super) async fn decide(
    server: &ResourceServer,
    operation: Operation,
    call: Call<'_>,
    trace: &mut Trace,
) -> Result<Caller, Rejection> {
    let realm = realm_of(operation);
    let value = trace.check(&CREDENTIALS, || match credentials(call.headers) {
        Credentials::Given { scheme, value } if scheme.eq_ignore_ascii_case("basic") => Ok(value),
        // Shown, but not readable: refused like a wrong password.
        Credentials::Given { .. } | Credentials::Unreadable => Ok(""),
        Credentials::Nothing => {
            let problem = Problem::new(401, "this page needs an account and its password");
            Err(Rejection::without_credentials(problem.with_challenge(challenge(realm)).with_check(CREDENTIALS.name)))
        }
        Credentials::TooMany => {
            let problem = Problem::new(400, "there is more than one Authorization header");
            Err(Rejection::unauthenticated(problem.with_check(CREDENTIALS.name)))
        }
    })?;
    let shown = trace.check(&WELL_FORMED, || user_and_password(value).ok_or(()));
    // Malformed credentials take the same way as wrong ones, so that neither answer nor time tells them apart.
    let was_well_formed = shown.is_ok();
    let (username, password) = shown.unwrap_or_default();
    let started = trace.start();
    let now = server.clock.now();
    let verified = server.passwords.verify(&server.accounts, realm, &username, &password, call.address, now).await;
    if was_well_formed {
        match &verified {
            Ok((_, Verified::Before)) => trace.remembered(&[&THROTTLE, &PASSWORD], started),
            Err(SignInError::Throttled(_) | SignInError::Busy) => trace.finish(&THROTTLE, started, false),
            Ok((_, Verified::Now)) | Err(SignInError::Wrong | SignInError::Storage(_)) => {
                trace.finish(&THROTTLE, trace.start(), true);
                trace.finish(&PASSWORD, started, verified.is_ok());
            }
        }
    }
    let account = match verified {
        Ok((account, _)) => account,
        Err(error) => {
            let is_audited = error.check().is_some();
            return Err(Rejection { problem: not_signed_in(error, &challenge(realm)), caller: None, is_audited });
        }
    };
    let Account { username, role, .. } = (*account).clone();
    check_role(Caller { username, role, key: "basic", scope: None, client_id: None }, operation, trace)
}

/// Base64 of UTF-8, split at the first colon, without control characters (RFC 7617 §2).
fn user_and_password(value: &str) -> Option<(String, String)> {
    let text = String::from_utf8(base64url::decode_standard(value)?).ok()?;
    if text.chars().any(char::is_control) {
        return None;
    }
    let (username, password) = text.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

/// How long a verified pair is remembered, in seconds.
const REMEMBERED_FOR: i64 = 60;
/// How many pairs are; the least used go first.
const REMEMBERED: usize = 10_000;

/// Pairs of name and password that were verified a moment ago. argon2id is slow on purpose, and Basic shows a password
/// with every call: without this memory every call would cost what signing in costs.
///
/// A pair is known by a keyed hash alone, under a key that never leaves the process. Nothing wrong is ever remembered,
/// so a flood of guesses pushes nobody out. When any account changes, all is void at once.
pub struct RememberedPasswords {
    key: hmac::Key,
    known: Cache<[u8; 32], Remembered>,
}

#[derive(Clone)]
struct Remembered {
    account: Arc<Account>,
    until: i64,
}

/// When a pair was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// For this call.
    Now,
    /// For a call before.
    Before,
}

impl RememberedPasswords {
    /// An empty memory with a key of its own.
    pub fn new(random: &Random) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, &random.bytes::<32>()), known: Cache::new(REMEMBERED) }
    }

    /// The account with that name and password in that realm. Many calls with the same pair at once cost one hash.
    ///
    /// # Errors
    /// Why nobody was signed in.
    pub async fn verify(
        &self,
        accounts: &Accounts,
        realm: Realm,
        username: &str,
        password: &str,
        address: IpAddr,
        now: i64,
    ) -> Result<(Arc<Account>, Verified), SignInError> {
        // The generation is part of the name: after a change every pair has another name, and is unknown.
        let name = self.name(accounts.generation(), realm, username, password);
        match self.known.get(&name) {
            Some(known) if now < known.until => return Ok((known.account, Verified::Before)),
            Some(_) => drop(self.known.remove(&name)),
            None => {}
        }
        match self.known.get_value_or_guard_async(&name).await {
            Ok(known) => Ok((known.account, Verified::Before)),
            Err(place) => {
                let account = Arc::new(accounts.sign_in(realm, username, password, address, now).await?);
                // A place that was removed meanwhile stays empty: then the next call hashes again.
                let _ = place.insert(Remembered { account: account.clone(), until: now + REMEMBERED_FOR });
                Ok((account, Verified::Now))
            }
        }
    }

    fn name(&self, generation: u64, realm: Realm, username: &str, password: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&generation.to_be_bytes());
        context.update(realm.as_str().as_bytes());
        // With its length before it, a name never runs into the password.
        context.update(&username.len().to_be_bytes());
        context.update(username.as_bytes());
        context.update(password.as_bytes());
        let mut name = [0; 32];
        // HMAC-SHA256 is 32 bytes long, whatever went in.
        name.copy_from_slice(context.sign().as_ref());
        name
    }
}

impl std::fmt::Debug for RememberedPasswords {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RememberedPasswords").field("pairs", &self.known.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{REMEMBERED_FOR, RememberedPasswords, Verified, user_and_password};
    use crate::auth_server::accounts::{Accounts, SignInError};
    use crate::random::Random;
    use crate::storage::accounts::Realm;
    use crate::storage::sqlite::Sqlite;
    use crate::wire::base64url::encode_standard;
    use crate::wire::role::Role;
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn the_first_colon_divides() {
        let read = |text: &str| user_and_password(&encode_standard(text));
        assert_eq!(read("bob:open:sesame"), Some(("bob".into(), "open:sesame".into())));
        assert_eq!(read("chloé:crème"), Some(("chloé".into(), "crème".into())));
        assert_eq!(read(":"), Some((String::new(), String::new())));
        assert_eq!(read("nocolon"), None);
        assert_eq!(read("a\n:b"), None);
        assert_eq!(read("a:b\0"), None);
        assert_eq!(user_and_password("!!!"), None);
        assert_eq!(user_and_password("/////w=="), None);
    }

    async fn accounts() -> (tempfile::TempDir, Accounts) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let random = Random::system();
        let accounts = Accounts::new(Arc::new(Sqlite::open(&url).await.unwrap()), &random).unwrap();
        accounts.add(Realm::Pages, "bob", "right", Role::Viewer, &random, 0).await.unwrap();
        (folder, accounts)
    }

    #[tokio::test]
    async fn a_pair_is_remembered_for_a_minute_and_not_after_a_change() {
        let (_folder, accounts) = accounts().await;
        let memory = RememberedPasswords::new(&Random::system());
        let when = |now| {
            let (memory, accounts) = (&memory, &accounts);
            async move { memory.verify(accounts, Realm::Pages, "bob", "right", HERE, now).await.unwrap().1 }
        };
        assert_eq!(when(0).await, Verified::Now);
        assert_eq!(when(REMEMBERED_FOR - 1).await, Verified::Before);
        assert_eq!(when(REMEMBERED_FOR).await, Verified::Now);
        assert_eq!(when(REMEMBERED_FOR).await, Verified::Before);
        accounts.changed();
        assert_eq!(when(REMEMBERED_FOR).await, Verified::Now);
        accounts.set_password(Realm::Pages, "bob", "another", &Random::system(), 0).await.unwrap();
        let old = memory.verify(&accounts, Realm::Pages, "bob", "right", HERE, REMEMBERED_FOR).await;
        assert!(matches!(old, Err(SignInError::Wrong)), "gone the moment it changed");
    }

    #[tokio::test]
    async fn neither_a_wrong_password_nor_another_realm_is_remembered() {
        let (_folder, accounts) = accounts().await;
        let memory = RememberedPasswords::new(&Random::system());
        assert!(memory.verify(&accounts, Realm::Pages, "bob", "right", HERE, 0).await.is_ok());
        for (realm, password) in [(Realm::Pages, "wrong"), (Realm::Audit, "right"), (Realm::Pages, "wrong")] {
            let refused = memory.verify(&accounts, realm, "bob", password, HERE, 0).await;
            assert!(matches!(refused, Err(SignInError::Wrong)));
        }
        assert_eq!(memory.known.len(), 1);
    }

    #[tokio::test]
    async fn many_calls_at_once_with_one_pair_cost_one_hash() {
        let (_folder, accounts) = accounts().await;
        let memory = RememberedPasswords::new(&Random::system());
        let calls = (0..50).map(|_| memory.verify(&accounts, Realm::Pages, "bob", "right", HERE, 0));
        let outcomes = futures::future::join_all(calls).await;
        let hashed = outcomes.into_iter().filter(|outcome| outcome.as_ref().unwrap().1 == Verified::Now).count();
        assert_eq!(hashed, 1);
    }
}
