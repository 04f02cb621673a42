//! The revocation feed in SQLite.

use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::revocations::{Revocation, Revocations};
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl Revocations for Sqlite {
    async fn add_revocation(&self, value: &str, expires_at: i64) -> Stored<()> {
        let value = value.to_owned();
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO revocations (value, expires_at) VALUES (?, ?) ON CONFLICT (value) DO NOTHING",
                params![value, expires_at],
            )?;
            Ok(())
        })
        .await
    }

    async fn is_revoked(&self, value: &str) -> Stored<bool> {
        self.read(|connection| {
            Ok(connection.prepare_cached("SELECT 1 FROM revocations WHERE value = ?")?.exists([value])?)
        })
    }

    async fn revocations_after(&self, id: i64) -> Stored<Vec<Revocation>> {
        self.read(|connection| {
            let mut query =
                connection.prepare_cached("SELECT id, value, expires_at FROM revocations WHERE id > ? ORDER BY id")?;
            let rows = query.query_map([id], |row| {
                Ok(Revocation { id: row.get(0)?, value: row.get(1)?, expires_at: row.get(2)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
