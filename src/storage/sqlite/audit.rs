//! The audit log in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::audit::Audit;
use crate::wire::audit::AuditEvent;
use async_trait::async_trait;
use sqlx::Row as _;

#[async_trait]
impl Audit for Sqlite {
    async fn append_events(&self, events: &[AuditEvent]) -> Stored<()> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        for event in events {
            sqlx::query(
                "INSERT INTO audit_events (at, account, client_id, key, action, outcome, rule)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(event.at)
            .bind(&event.account)
            .bind(&event.client_id)
            .bind(&event.key)
            .bind(&event.action)
            .bind(&event.outcome)
            .bind(&event.rule)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn newest_events(&self, limit: u32) -> Stored<Vec<AuditEvent>> {
        let rows = sqlx::query(
            "SELECT id, at, account, client_id, key, action, outcome, rule FROM audit_events ORDER BY id DESC LIMIT ?",
        )
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter()
            .map(|row| {
                Ok(AuditEvent {
                    id: row.try_get(0)?,
                    at: row.try_get(1)?,
                    account: row.try_get(2)?,
                    client_id: row.try_get(3)?,
                    key: row.try_get(4)?,
                    action: row.try_get(5)?,
                    outcome: row.try_get(6)?,
                    rule: row.try_get(7)?,
                })
            })
            .collect()
    }
}
