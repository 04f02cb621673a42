//! Accounts in SQLite.

use super::grants::feed;
use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::accounts::{Account, AccountChange, Accounts, Changed, Realm};
use crate::wire::role::Role;
use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, Row, params};

/// A role that this version does not know may do the least.
fn role(name: &str) -> Role {
    Role::parse(name).unwrap_or(Role::Viewer)
}

/// The account in three columns of a row, from that place on: its id, its name and its role.
pub(super) fn account(row: &Row<'_>, place: usize) -> rusqlite::Result<Account> {
    let name: String = row.get(place + 2)?;
    Ok(Account { id: row.get(place)?, username: row.get(place + 1)?, role: role(&name) })
}

impl Sqlite {
    async fn insert(
        &self,
        realm: Realm,
        account: &Account,
        password_hash: &str,
        is_guest: bool,
        now: i64,
    ) -> Stored<bool> {
        let (account, password_hash) = (account.clone(), password_hash.to_owned());
        self.write(move |connection| {
            let added = execute(
                connection,
                "INSERT INTO accounts (id, realm, username, password_hash, role, created_at, is_guest)
                 VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (realm, username) DO NOTHING",
                params![
                    account.id,
                    realm.as_str(),
                    account.username,
                    password_hash,
                    account.role.as_str(),
                    now,
                    is_guest
                ],
            )?;
            Ok(added == 1)
        })
        .await
    }
}

#[async_trait]
impl Accounts for Sqlite {
    async fn account_by_name(&self, realm: Realm, username: &str) -> Stored<Option<(Account, String)>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, username, role, password_hash FROM accounts WHERE realm = ? AND username = ?",
            )?;
            let found = query.query_row(params![realm.as_str(), username], |row| Ok((account(row, 0)?, row.get(3)?)));
            Ok(found.optional()?)
        })
    }

    async fn account_by_id(&self, id: &str) -> Stored<Option<Account>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT id, username, role FROM accounts WHERE id = ?")?;
            Ok(query.query_row([id], |row| account(row, 0)).optional()?)
        })
    }

    async fn account_changes(&self) -> Stored<i64> {
        self.read(|connection| {
            Ok(connection.prepare_cached("SELECT number FROM account_changes")?.query_row([], |row| row.get(0))?)
        })
    }

    async fn add_account(&self, realm: Realm, account: &Account, password_hash: &str, now: i64) -> Stored<bool> {
        self.insert(realm, account, password_hash, false, now).await
    }

    async fn add_guest(&self, account: &Account, password_hash: &str, now: i64) -> Stored<bool> {
        self.insert(Realm::Pages, account, password_hash, true, now).await
    }

    async fn guests(&self) -> Stored<Vec<(String, i64)>> {
        self.read(|connection| {
            let mut query = connection
                .prepare_cached("SELECT id, created_at FROM accounts WHERE is_guest = 1 ORDER BY created_at, rowid")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    async fn accounts(&self) -> Stored<Vec<(Realm, Account)>> {
        self.read(|connection| {
            let mut query = connection
                .prepare_cached("SELECT realm, id, username, role FROM accounts ORDER BY realm DESC, username")?;
            let rows = query.query_map([], |row| {
                let realm: String = row.get(0)?;
                Ok(Realm::parse(&realm).zip(Some(account(row, 1)?)))
            })?;
            Ok(rows.filter_map(Result::transpose).collect::<Result<_, _>>()?)
        })
    }

    async fn change_account(&self, id: &str, change: AccountChange<'_>, now: i64, feed_until: i64) -> Stored<Changed> {
        let id = id.to_owned();
        let keeps_its_power = matches!(change, AccountChange::Password(_) | AccountChange::Role(Role::Admin));
        let (statement, value) = match change {
            AccountChange::Password(hash) => {
                ("UPDATE accounts SET password_hash = ?2 WHERE id = ?1", Some(hash.to_owned()))
            }
            AccountChange::Role(role) => {
                ("UPDATE accounts SET role = ?2 WHERE id = ?1", Some(role.as_str().to_owned()))
            }
            AccountChange::Removed => ("DELETE FROM accounts WHERE id = ?1", None),
        };
        self.write(move |connection| {
            let known: Option<bool> = connection
                .prepare_cached(
                    "SELECT role = 'admin'
                        AND (SELECT count(*) FROM accounts AS a WHERE a.realm = accounts.realm AND a.role = 'admin') = 1
                     FROM accounts WHERE id = ?",
                )?
                .query_row([&id], |row| row.get(0))
                .optional()?;
            match known {
                None => return Ok(Changed::Unknown),
                Some(true) if !keeps_its_power => return Ok(Changed::LastAdmin),
                Some(_) => {}
            }
            // The feed's entries stay when the account goes; its grants go with it.
            let grants: Vec<String> = connection
                .prepare_cached(
                    "UPDATE grants SET revoked_at = ? WHERE account_id = ? AND revoked_at IS NULL RETURNING id",
                )?
                .query_map(params![now, id], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for grant in &grants {
                feed(connection, grant, feed_until)?;
            }
            execute(connection, "DELETE FROM sessions WHERE account_id = ?", [&id])?;
            match &value {
                Some(value) => execute(connection, statement, [&id, value])?,
                None => execute(connection, statement, [&id])?,
            };
            Ok(Changed::Done)
        })
        .await
    }
}
