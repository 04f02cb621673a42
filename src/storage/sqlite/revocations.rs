//! The revocation feed in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::revocations::Revocations;
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

    async fn revocations(&self, now: i64) -> Stored<Vec<(String, i64)>> {
        Ok(sqlx::query_as("SELECT value, expires_at FROM revocations WHERE expires_at > ?")
            .bind(now)
            .fetch_all(&self.reader)
            .await?)
    }
}
