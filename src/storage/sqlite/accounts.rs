//! Accounts in SQLite.

use super::Sqlite;
use super::grants::feed;
use crate::storage::Stored;
use crate::storage::accounts::{Account, AccountChange, Accounts, Changed, Realm};
use crate::wire::role::Role;
use async_trait::async_trait;

/// A role that this version does not know may do the least.
fn role(name: &str) -> Role {
    Role::parse(name).unwrap_or(Role::Viewer)
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
        let done = sqlx::query(
            "INSERT INTO accounts (id, realm, username, password_hash, role, created_at, is_guest)
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (realm, username) DO NOTHING",
        )
        .bind(&account.id)
        .bind(realm.as_str())
        .bind(&account.username)
        .bind(password_hash)
        .bind(account.role.as_str())
        .bind(now)
        .bind(is_guest)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}

#[async_trait]
impl Accounts for Sqlite {
    async fn account_by_name(&self, realm: Realm, username: &str) -> Stored<Option<(Account, String)>> {
        let row: Option<(String, String, String, String)> =
            sqlx::query_as("SELECT id, username, role, password_hash FROM accounts WHERE realm = ? AND username = ?")
                .bind(realm.as_str())
                .bind(username)
                .fetch_optional(&self.reader)
                .await?;
        Ok(row.map(|(id, username, name, hash)| (Account { id, username, role: role(&name) }, hash)))
    }

    async fn account_by_id(&self, id: &str) -> Stored<Option<Account>> {
        let row: Option<(String, String, String)> =
            sqlx::query_as("SELECT id, username, role FROM accounts WHERE id = ?")
                .bind(id)
                .fetch_optional(&self.reader)
                .await?;
        Ok(row.map(|(id, username, name)| Account { id, username, role: role(&name) }))
    }

    async fn account_changes(&self) -> Stored<i64> {
        Ok(sqlx::query_scalar("SELECT number FROM account_changes").fetch_one(&self.reader).await?)
    }

    async fn add_account(&self, realm: Realm, account: &Account, password_hash: &str, now: i64) -> Stored<bool> {
        self.insert(realm, account, password_hash, false, now).await
    }

    async fn add_guest(&self, account: &Account, password_hash: &str, now: i64) -> Stored<bool> {
        self.insert(Realm::Pages, account, password_hash, true, now).await
    }

    async fn guests(&self) -> Stored<Vec<(String, i64)>> {
        let query = "SELECT id, created_at FROM accounts WHERE is_guest = 1 ORDER BY created_at, rowid";
        Ok(sqlx::query_as(query).fetch_all(&self.reader).await?)
    }

    async fn accounts(&self) -> Stored<Vec<(Realm, Account)>> {
        let rows: Vec<(String, String, String, String)> =
            sqlx::query_as("SELECT realm, id, username, role FROM accounts ORDER BY realm DESC, username")
                .fetch_all(&self.reader)
                .await?;
        let known = rows.into_iter().filter_map(|(realm, id, username, name)| {
            Some((Realm::parse(&realm)?, Account { id, username, role: role(&name) }))
        });
        Ok(known.collect())
    }

    async fn change_account(&self, id: &str, change: AccountChange<'_>, now: i64, feed_until: i64) -> Stored<Changed> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let known: Option<bool> = sqlx::query_scalar(
            "SELECT role = 'admin' AND (SELECT count(*) FROM accounts AS a WHERE a.realm = accounts.realm AND a.role = 'admin') = 1
             FROM accounts WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&mut *transaction)
        .await?;
        let keeps_its_power = matches!(change, AccountChange::Password(_) | AccountChange::Role(Role::Admin));
        match known {
            None => return Ok(Changed::Unknown),
            Some(true) if !keeps_its_power => return Ok(Changed::LastAdmin),
            Some(_) => {}
        }
        // The feed's entries stay when the account goes; its grants go with it.
        let grants: Vec<String> = sqlx::query_scalar(
            "UPDATE grants SET revoked_at = ? WHERE account_id = ? AND revoked_at IS NULL RETURNING id",
        )
        .bind(now)
        .bind(id)
        .fetch_all(&mut *transaction)
        .await?;
        for grant in &grants {
            feed(&mut transaction, grant, feed_until).await?;
        }
        sqlx::query("DELETE FROM sessions WHERE account_id = ?").bind(id).execute(&mut *transaction).await?;
        let query = match change {
            AccountChange::Password(hash) => {
                sqlx::query("UPDATE accounts SET password_hash = ? WHERE id = ?").bind(hash)
            }
            AccountChange::Role(role) => sqlx::query("UPDATE accounts SET role = ? WHERE id = ?").bind(role.as_str()),
            AccountChange::Removed => sqlx::query("DELETE FROM accounts WHERE id = ?"),
        };
        query.bind(id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Changed::Done)
    }
}
