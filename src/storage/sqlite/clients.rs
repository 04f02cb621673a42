//! Clients in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::clients::Clients;
use async_trait::async_trait;

#[async_trait]
impl Clients for Sqlite {
    async fn client_document(&self, client_id: &str) -> Stored<Option<String>> {
        Ok(sqlx::query_scalar("SELECT document FROM clients WHERE client_id = ?")
            .bind(client_id)
            .fetch_optional(&self.reader)
            .await?)
    }

    async fn put_client(&self, client_id: &str, document: &str, now: i64) -> Stored<()> {
        sqlx::query(
            "INSERT INTO clients (client_id, document, created_at) VALUES (?, ?, ?)
             ON CONFLICT (client_id) DO UPDATE SET document = excluded.document",
        )
        .bind(client_id)
        .bind(document)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
