//! Used identifiers in SQLite, and the removal of what has expired.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::used_identifiers::UsedIdentifiers;
use async_trait::async_trait;

/// One bounded removal per table. Deleting a grant takes its codes and refresh tokens along.
const REMOVALS: [&str; 7] = [
    "DELETE FROM used_identifiers WHERE rowid IN (SELECT rowid FROM used_identifiers WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM pushed_requests WHERE rowid IN (SELECT rowid FROM pushed_requests WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM device_codes WHERE rowid IN (SELECT rowid FROM device_codes WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM revocations WHERE rowid IN (SELECT rowid FROM revocations WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM refresh_tokens WHERE rowid IN (SELECT rowid FROM refresh_tokens WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM grants WHERE rowid IN (SELECT rowid FROM grants WHERE expires_at <= ? LIMIT ?)",
];

#[async_trait]
impl UsedIdentifiers for Sqlite {
    async fn use_identifier(&self, id_hash: &[u8], expires_at: i64) -> Stored<bool> {
        let done =
            sqlx::query("INSERT INTO used_identifiers (id_hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING")
                .bind(id_hash)
                .bind(expires_at)
                .execute(&self.writer)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn remove_expired(&self, now: i64, batch: u32) -> Stored<u64> {
        let mut removed = 0;
        for removal in REMOVALS {
            removed += sqlx::query(removal).bind(now).bind(batch).execute(&self.writer).await?.rows_affected();
        }
        Ok(removed)
    }
}
