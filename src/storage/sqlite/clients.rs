//! Clients in SQLite.

use super::grants::feed;
use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::clients::Clients;
use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, params};

#[async_trait]
impl Clients for Sqlite {
    async fn client_document(&self, client_id: &str) -> Stored<Option<String>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT document FROM clients WHERE client_id = ?")?;
            Ok(query.query_row([client_id], |row| row.get(0)).optional()?)
        })
    }

    async fn client_changes(&self) -> Stored<i64> {
        self.read(|connection| {
            Ok(connection.prepare_cached("SELECT number FROM client_changes")?.query_row([], |row| row.get(0))?)
        })
    }

    async fn put_client(&self, client_id: &str, document: &str, now: i64) -> Stored<()> {
        let (client_id, document) = (client_id.to_owned(), document.to_owned());
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO clients (client_id, document, created_at) VALUES (?, ?, ?)
                 ON CONFLICT (client_id) DO UPDATE SET document = excluded.document",
                params![client_id, document, now],
            )?;
            Ok(())
        })
        .await
    }

    async fn add_client(&self, client_id: &str, document: &str, now: i64) -> Stored<bool> {
        let (client_id, document) = (client_id.to_owned(), document.to_owned());
        self.write(move |connection| {
            let added = execute(
                connection,
                "INSERT INTO clients (client_id, document, created_at) VALUES (?, ?, ?)
                 ON CONFLICT (client_id) DO NOTHING",
                params![client_id, document, now],
            )?;
            Ok(added == 1)
        })
        .await
    }

    async fn client_documents(&self) -> Stored<Vec<String>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached("SELECT document FROM clients ORDER BY client_id")?;
            Ok(query.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
    }

    async fn remove_client(&self, client_id: &str, feed_until: i64) -> Stored<bool> {
        let client_id = client_id.to_owned();
        self.write(move |connection| {
            let grants: Vec<String> = connection
                .prepare_cached("SELECT id FROM grants WHERE client_id = ? AND revoked_at IS NULL")?
                .query_map([&client_id], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for grant in &grants {
                feed(connection, grant, feed_until)?;
            }
            // Its grants, codes and refresh tokens go with it.
            Ok(execute(connection, "DELETE FROM clients WHERE client_id = ?", [&client_id])? == 1)
        })
        .await
    }
}
