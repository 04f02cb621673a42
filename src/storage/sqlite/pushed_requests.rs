//! Pushed authorization requests in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::pushed_requests::{PushedRequest, PushedRequests};
use async_trait::async_trait;
use sqlx::Row as _;

#[async_trait]
impl PushedRequests for Sqlite {
    async fn add_pushed_request(&self, uri_hash: &[u8], request: &PushedRequest) -> Stored<()> {
        sqlx::query("INSERT INTO pushed_requests (uri_hash, client_id, parameters, expires_at) VALUES (?, ?, ?, ?)")
            .bind(uri_hash)
            .bind(&request.client_id)
            .bind(&request.parameters)
            .bind(request.expires_at)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn pushed_request(&self, uri_hash: &[u8]) -> Stored<Option<PushedRequest>> {
        let row =
            sqlx::query("SELECT client_id, parameters, expires_at, used_at FROM pushed_requests WHERE uri_hash = ?")
                .bind(uri_hash)
                .fetch_optional(&self.reader)
                .await?;
        row.map(|row| {
            Ok(PushedRequest {
                client_id: row.try_get(0)?,
                parameters: row.try_get(1)?,
                expires_at: row.try_get(2)?,
                used_at: row.try_get(3)?,
            })
        })
        .transpose()
    }

    async fn use_pushed_request(&self, uri_hash: &[u8], now: i64) -> Stored<bool> {
        let done = sqlx::query("UPDATE pushed_requests SET used_at = ? WHERE uri_hash = ? AND used_at IS NULL")
            .bind(now)
            .bind(uri_hash)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
