//! The revocation feed in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::revocations::{Revocation, Revocations};
use async_trait::async_trait;

#[async_trait]
impl Revocations for Sqlite {
    async fn add_revocation(&self, value: &str, expires_at: i64) -> Stored<()> {
        sqlx::query("INSERT INTO revocations (value, expires_at) VALUES (?, ?) ON CONFLICT (value) DO NOTHING")
            .bind(value)
            .bind(expires_at)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn is_revoked(&self, value: &str) -> Stored<bool> {
        let known: Option<i64> = sqlx::query_scalar("SELECT expires_at FROM revocations WHERE value = ?")
            .bind(value)
            .fetch_optional(&self.reader)
            .await?;
        Ok(known.is_some())
    }

    async fn revocations_after(&self, id: i64) -> Stored<Vec<Revocation>> {
        let rows: Vec<(i64, String, i64)> =
            sqlx::query_as("SELECT id, value, expires_at FROM revocations WHERE id > ? ORDER BY id")
                .bind(id)
                .fetch_all(&self.reader)
                .await?;
        Ok(rows.into_iter().map(|(id, value, expires_at)| Revocation { id, value, expires_at }).collect())
    }
}
