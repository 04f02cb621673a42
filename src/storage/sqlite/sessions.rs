//! Sessions in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::sessions::{Sessions, StoredSession};
use async_trait::async_trait;

#[async_trait]
impl Sessions for Sqlite {
    async fn add_session(&self, id_hash: &[u8], session: &StoredSession) -> Stored<()> {
        sqlx::query("INSERT INTO sessions (id_hash, sid, account_id, auth_time, expires_at) VALUES (?, ?, ?, ?, ?)")
            .bind(id_hash)
            .bind(&session.sid)
            .bind(&session.account_id)
            .bind(session.auth_time)
            .bind(session.expires_at)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn session(&self, id_hash: &[u8]) -> Stored<Option<StoredSession>> {
        let row: Option<(String, String, i64, i64)> =
            sqlx::query_as("SELECT sid, account_id, auth_time, expires_at FROM sessions WHERE id_hash = ?")
                .bind(id_hash)
                .fetch_optional(&self.reader)
                .await?;
        Ok(row.map(|(sid, account_id, auth_time, expires_at)| StoredSession { sid, account_id, auth_time, expires_at }))
    }

    async fn remove_session(&self, id_hash: &[u8]) -> Stored<()> {
        sqlx::query("DELETE FROM sessions WHERE id_hash = ?").bind(id_hash).execute(&self.writer).await?;
        Ok(())
    }
}
