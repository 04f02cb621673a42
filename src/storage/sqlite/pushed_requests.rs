//! Pushed authorization requests in SQLite.

use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::pushed_requests::{PushedRequest, PushedRequests};
use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, params};

#[async_trait]
impl PushedRequests for Sqlite {
    async fn add_pushed_request(&self, uri_hash: &[u8], request: &PushedRequest) -> Stored<()> {
        let (uri_hash, request) = (uri_hash.to_owned(), request.clone());
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO pushed_requests (uri_hash, client_id, parameters, expires_at) VALUES (?, ?, ?, ?)",
                params![uri_hash, request.client_id, request.parameters, request.expires_at],
            )?;
            Ok(())
        })
        .await
    }

    async fn pushed_request(&self, uri_hash: &[u8]) -> Stored<Option<PushedRequest>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT client_id, parameters, expires_at, used_at FROM pushed_requests WHERE uri_hash = ?",
            )?;
            let found = query.query_row([uri_hash], |row| {
                Ok(PushedRequest {
                    client_id: row.get(0)?,
                    parameters: row.get(1)?,
                    expires_at: row.get(2)?,
                    used_at: row.get(3)?,
                })
            });
            Ok(found.optional()?)
        })
    }

    async fn use_pushed_request(&self, uri_hash: &[u8], now: i64) -> Stored<bool> {
        let uri_hash = uri_hash.to_owned();
        self.write(move |connection| {
            let used = execute(
                connection,
                "UPDATE pushed_requests SET used_at = ? WHERE uri_hash = ? AND used_at IS NULL",
                params![now, uri_hash],
            )?;
            Ok(used == 1)
        })
        .await
    }
}
