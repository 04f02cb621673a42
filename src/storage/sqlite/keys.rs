//! Signing keys and secrets in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::keys::{Keys, StoredKey};
use async_trait::async_trait;
use sqlx::Row as _;

#[async_trait]
impl Keys for Sqlite {
    async fn signing_keys(&self, purpose: &str) -> Stored<Vec<StoredKey>> {
        let rows = sqlx::query(
            "SELECT kid, alg, pkcs8, sealed, created_at FROM signing_keys WHERE purpose = ? ORDER BY created_at, rowid",
        )
        .bind(purpose)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(StoredKey {
                    kid: row.try_get(0)?,
                    alg: row.try_get(1)?,
                    pkcs8: row.try_get(2)?,
                    sealed: row.try_get(3)?,
                    created_at: row.try_get(4)?,
                })
            })
            .collect()
    }

    async fn add_signing_key(&self, purpose: &str, key: &StoredKey) -> Stored<()> {
        sqlx::query(
            "INSERT INTO signing_keys (kid, purpose, alg, pkcs8, sealed, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&key.kid)
        .bind(purpose)
        .bind(&key.alg)
        .bind(&key.pkcs8)
        .bind(key.sealed)
        .bind(key.created_at)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn replace_signing_key(&self, kid: &str, pkcs8: &[u8], sealed: bool) -> Stored<()> {
        sqlx::query("UPDATE signing_keys SET pkcs8 = ?, sealed = ? WHERE kid = ?")
            .bind(pkcs8)
            .bind(sealed)
            .bind(kid)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn remove_signing_key(&self, kid: &str) -> Stored<()> {
        sqlx::query("DELETE FROM signing_keys WHERE kid = ?").bind(kid).execute(&self.writer).await?;
        Ok(())
    }

    async fn secret(&self, name: &str, fresh: &[u8]) -> Stored<Vec<u8>> {
        sqlx::query("INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(fresh)
            .execute(&self.writer)
            .await?;
        Ok(sqlx::query_scalar("SELECT value FROM secrets WHERE name = ?").bind(name).fetch_one(&self.writer).await?)
    }
}
