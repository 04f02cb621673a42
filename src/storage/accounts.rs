//! Accounts: who can sign in, and what they may do.

use super::Stored;
use crate::wire::role::Role;
use async_trait::async_trait;

/// The two protection spaces (RFC 7617 §2) that have credentials of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Realm {
    /// The wiki's pages, and the authorization server's sign-in.
    Pages,
    /// The audit log under HTTP Basic.
    Audit,
}

impl Realm {
    /// The realm's name in a challenge.
    pub fn name(self) -> &'static str {
        match self {
            Realm::Pages => "Three Keys pages",
            Realm::Audit => "Three Keys audit",
        }
    }

    /// The realm of that name in storage, if there is one.
    pub fn parse(name: &str) -> Option<Realm> {
        [Realm::Pages, Realm::Audit].into_iter().find(|realm| realm.as_str() == name)
    }

    /// The realm's name in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Realm::Pages => "pages",
            Realm::Audit => "audit",
        }
    }
}

/// An account as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Stable for the account's life; the `sub` of its tokens.
    pub id: String,
    /// What people type.
    pub username: String,
    /// What it may do.
    pub role: Role,
}

/// What can become of an account.
#[derive(Debug, Clone, Copy)]
pub enum AccountChange<'a> {
    /// It gets another password, of which this is the argon2id hash in PHC form.
    Password(&'a str),
    /// It may do other things.
    Role(Role),
    /// It goes.
    Removed,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// What was asked.
    Done,
    /// There is no such account.
    Unknown,
    /// Nothing: it is the only one left that may do everything.
    LastAdmin,
}

/// Where accounts are kept.
#[async_trait]
pub trait Accounts {
    /// The account of that name in that realm, with its argon2id hash in PHC form.
    async fn account_by_name(&self, realm: Realm, username: &str) -> Stored<Option<(Account, String)>>;
    /// The account with that id.
    async fn account_by_id(&self, id: &str) -> Stored<Option<Account>>;
    /// How often accounts were changed or removed, by whichever program.
    async fn account_changes(&self) -> Stored<i64>;
    /// Adds an account unless the realm has one of that name. Answers whether it was added.
    async fn add_account(&self, realm: Realm, account: &Account, password_hash: &str, now: i64) -> Stored<bool>;
    /// Adds a throw-away account to the realm of the pages, unless there is one of that name. Answers whether it was added.
    async fn add_guest(&self, account: &Account, password_hash: &str, now: i64) -> Stored<bool>;
    /// The ids of the throw-away accounts with when they were made, oldest first.
    async fn guests(&self) -> Stored<Vec<(String, i64)>>;
    /// Every account, by realm and name.
    async fn accounts(&self) -> Stored<Vec<(Realm, Account)>>;
    /// Changes an account, or removes it, and ends all that it has open: its sessions, and its grants, which are entered
    /// in the revocation feed until `feed_until`. All or nothing.
    async fn change_account(&self, id: &str, change: AccountChange<'_>, now: i64, feed_until: i64) -> Stored<Changed>;
}
