//! Accounts in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::accounts::{Account, Accounts, Realm};
use crate::wire::role::Role;
use async_trait::async_trait;

/// A role that this version does not know may do the least.
fn role(name: &str) -> Role {
    Role::parse(name).unwrap_or(Role::Viewer)
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
        let done = sqlx::query(
            "INSERT INTO accounts (id, realm, username, password_hash, role, created_at) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (realm, username) DO NOTHING",
        )
        .bind(&account.id)
        .bind(realm.as_str())
        .bind(&account.username)
        .bind(password_hash)
        .bind(account.role.as_str())
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }
}
