//! Signing keys and secrets in SQLite.

use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::keys::{Keys, StoredKey};
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl Keys for Sqlite {
    async fn signing_keys(&self, purpose: &str) -> Stored<Vec<StoredKey>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT kid, alg, pkcs8, sealed, created_at FROM signing_keys
                 WHERE purpose = ? ORDER BY created_at, rowid",
            )?;
            let rows = query.query_map([purpose], |row| {
                Ok(StoredKey {
                    kid: row.get(0)?,
                    alg: row.get(1)?,
                    pkcs8: row.get(2)?,
                    sealed: row.get(3)?,
                    created_at: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    async fn add_signing_key(&self, purpose: &str, key: &StoredKey) -> Stored<()> {
        let (purpose, key) = (purpose.to_owned(), key.clone());
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO signing_keys (kid, purpose, alg, pkcs8, sealed, created_at) VALUES (?, ?, ?, ?, ?, ?)",
                params![key.kid, purpose, key.alg, key.pkcs8, key.sealed, key.created_at],
            )?;
            Ok(())
        })
        .await
    }

    async fn replace_signing_key(&self, kid: &str, pkcs8: &[u8], sealed: bool) -> Stored<()> {
        let (kid, pkcs8) = (kid.to_owned(), pkcs8.to_owned());
        self.write(move |connection| {
            let statement = "UPDATE signing_keys SET pkcs8 = ?, sealed = ? WHERE kid = ?";
            execute(connection, statement, params![pkcs8, sealed, kid])?;
            Ok(())
        })
        .await
    }

    async fn remove_signing_key(&self, kid: &str) -> Stored<()> {
        let kid = kid.to_owned();
        self.write(move |connection| {
            execute(connection, "DELETE FROM signing_keys WHERE kid = ?", [&kid])?;
            Ok(())
        })
        .await
    }

    async fn secret(&self, name: &str, fresh: &[u8]) -> Stored<Vec<u8>> {
        let (name, fresh) = (name.to_owned(), fresh.to_owned());
        self.write(move |connection| {
            let statement = "INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING";
            execute(connection, statement, params![name, fresh])?;
            let mut query = connection.prepare_cached("SELECT value FROM secrets WHERE name = ?")?;
            Ok(query.query_row([&name], |row| row.get(0))?)
        })
        .await
    }
}
