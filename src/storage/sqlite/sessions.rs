//! Sessions in SQLite.

use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::sessions::{Sessions, StoredSession};
use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, params};

#[async_trait]
impl Sessions for Sqlite {
    async fn add_session(&self, id_hash: &[u8], session: &StoredSession) -> Stored<()> {
        let (id_hash, session) = (id_hash.to_owned(), session.clone());
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO sessions (id_hash, sid, account_id, auth_time, expires_at) VALUES (?, ?, ?, ?, ?)",
                params![id_hash, session.sid, session.account_id, session.auth_time, session.expires_at],
            )?;
            Ok(())
        })
        .await
    }

    async fn session(&self, id_hash: &[u8]) -> Stored<Option<StoredSession>> {
        self.read(|connection| {
            let mut query = connection
                .prepare_cached("SELECT sid, account_id, auth_time, expires_at FROM sessions WHERE id_hash = ?")?;
            let found = query.query_row([id_hash], |row| {
                Ok(StoredSession {
                    sid: row.get(0)?,
                    account_id: row.get(1)?,
                    auth_time: row.get(2)?,
                    expires_at: row.get(3)?,
                })
            });
            Ok(found.optional()?)
        })
    }

    async fn remove_session(&self, id_hash: &[u8]) -> Stored<()> {
        let id_hash = id_hash.to_owned();
        self.write(move |connection| {
            execute(connection, "DELETE FROM sessions WHERE id_hash = ?", [&id_hash])?;
            Ok(())
        })
        .await
    }
}
