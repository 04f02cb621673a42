//! Clients in SQLite.

use super::Sqlite;
use super::grants::feed;
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

    async fn add_client(&self, client_id: &str, document: &str, now: i64) -> Stored<bool> {
        let done = sqlx::query(
            "INSERT INTO clients (client_id, document, created_at) VALUES (?, ?, ?) ON CONFLICT (client_id) DO NOTHING",
        )
        .bind(client_id)
        .bind(document)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn client_documents(&self) -> Stored<Vec<String>> {
        Ok(sqlx::query_scalar("SELECT document FROM clients ORDER BY client_id").fetch_all(&self.reader).await?)
    }

    async fn remove_client(&self, client_id: &str, feed_until: i64) -> Stored<bool> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let grants: Vec<String> =
            sqlx::query_scalar("SELECT id FROM grants WHERE client_id = ? AND revoked_at IS NULL")
                .bind(client_id)
                .fetch_all(&mut *transaction)
                .await?;
        for grant in &grants {
            feed(&mut transaction, grant, feed_until).await?;
        }
        // Its grants, codes and refresh tokens go with it.
        let done =
            sqlx::query("DELETE FROM clients WHERE client_id = ?").bind(client_id).execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(done.rows_affected() == 1)
    }
}
