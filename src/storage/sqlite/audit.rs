//! The audit log in SQLite. Triggers refuse every statement but an insertion.

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
                "INSERT INTO audit_events
                 (at, account, client_id, key, action, outcome, rule, request_id, address, times)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(event.at)
            .bind(&event.account)
            .bind(&event.client_id)
            .bind(&event.key)
            .bind(&event.action)
            .bind(&event.outcome)
            .bind(&event.rule)
            .bind(&event.request_id)
            .bind(&event.address)
            .bind(event.times)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn newest_events(&self, limit: u32, before: Option<i64>) -> Stored<Vec<AuditEvent>> {
        let rows = sqlx::query(
            "SELECT id, at, account, client_id, key, action, outcome, rule, request_id, address, times
             FROM audit_events WHERE id < ? ORDER BY id DESC LIMIT ?",
        )
        .bind(before.unwrap_or(i64::MAX))
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
                    request_id: row.try_get(8)?,
                    address: row.try_get(9)?,
                    times: row.try_get(10)?,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

    use super::{Audit as _, AuditEvent, Sqlite};

    #[tokio::test]
    async fn the_database_itself_refuses_to_change_delete_or_replace_an_event() {
        let folder = tempfile::tempdir().unwrap();
        let database = Sqlite::open(&format!("sqlite:{}", folder.path().join("test.db").display())).await.unwrap();
        let event = AuditEvent {
            id: 0,
            at: 1,
            account: "alice".to_owned(),
            client_id: String::new(),
            key: "basic".to_owned(),
            action: "write_page".to_owned(),
            outcome: "allowed".to_owned(),
            rule: String::new(),
            request_id: "r".to_owned(),
            address: "127.0.0.1".to_owned(),
            times: 1,
        };
        database.append_events(std::slice::from_ref(&event)).await.unwrap();
        for statement in [
            "UPDATE audit_events SET account = 'mallory'",
            "DELETE FROM audit_events",
            "INSERT OR REPLACE INTO audit_events (id, at, account, client_id, key, action, outcome, rule)
             VALUES (1, 1, 'mallory', '', '', '', '', '')",
        ] {
            let refused = sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&database.writer).await.unwrap_err();
            assert!(refused.to_string().contains("append only"), "{statement}: {refused}");
        }
        database.append_events(std::slice::from_ref(&event)).await.unwrap();
        let kept = database.newest_events(10, None).await.unwrap();
        assert_eq!(kept, [AuditEvent { id: 2, ..event.clone() }, AuditEvent { id: 1, ..event }]);
        assert_eq!(database.newest_events(10, Some(2)).await.unwrap().len(), 1);
    }
}
