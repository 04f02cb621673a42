//! The audit log in SQLite. Triggers refuse every statement but an insertion.

use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::audit::Audit;
use crate::wire::audit::AuditEvent;
use async_trait::async_trait;
use rusqlite::params;

#[async_trait]
impl Audit for Sqlite {
    async fn append_events(&self, events: Vec<AuditEvent>) -> Stored<()> {
        self.write(move |connection| {
            for event in &events {
                execute(
                    connection,
                    "INSERT INTO audit_events
                     (at, account, client_id, key, action, outcome, rule, request_id, address, times)
                     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    params![
                        event.at,
                        event.account,
                        event.client_id,
                        event.key,
                        event.action,
                        event.outcome,
                        event.rule,
                        event.request_id,
                        event.address,
                        event.times
                    ],
                )?;
            }
            Ok(())
        })
        .await
    }

    async fn newest_events(&self, limit: u32, before: Option<i64>) -> Stored<Vec<AuditEvent>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, at, account, client_id, key, action, outcome, rule, request_id, address, times
                 FROM audit_events WHERE id < ? ORDER BY id DESC LIMIT ?",
            )?;
            let rows = query.query_map(params![before.unwrap_or(i64::MAX), limit], |row| {
                Ok(AuditEvent {
                    id: row.get(0)?,
                    at: row.get(1)?,
                    account: row.get(2)?,
                    client_id: row.get(3)?,
                    key: row.get(4)?,
                    action: row.get(5)?,
                    outcome: row.get(6)?,
                    rule: row.get(7)?,
                    request_id: row.get(8)?,
                    address: row.get(9)?,
                    times: row.get(10)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
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
        database.append_events(vec![event.clone()]).await.unwrap();
        for statement in [
            "UPDATE audit_events SET account = 'mallory'",
            "DELETE FROM audit_events",
            "INSERT OR REPLACE INTO audit_events (id, at, account, client_id, key, action, outcome, rule)
             VALUES (1, 1, 'mallory', '', '', '', '', '')",
        ] {
            let refused = database.write(|connection| Ok(connection.execute(statement, [])?)).await.unwrap_err();
            assert!(refused.to_string().contains("append only"), "{statement}: {refused}");
        }
        database.append_events(vec![event.clone()]).await.unwrap();
        let kept = database.newest_events(10, None).await.unwrap();
        assert_eq!(kept, [AuditEvent { id: 2, ..event.clone() }, AuditEvent { id: 1, ..event }]);
        assert_eq!(database.newest_events(10, Some(2)).await.unwrap().len(), 1);
    }
}
