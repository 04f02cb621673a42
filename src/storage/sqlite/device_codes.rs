//! Device codes in SQLite.

use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::device_codes::{DeviceCode, DeviceCodes, DeviceState};
use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, Row, params};

fn state_name(state: DeviceState) -> &'static str {
    match state {
        DeviceState::Pending => "pending",
        DeviceState::Approved => "approved",
        DeviceState::Denied => "denied",
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<DeviceCode> {
    let state: String = row.get(3)?;
    Ok(DeviceCode {
        code_hash: row.get(0)?,
        client_id: row.get(1)?,
        document: row.get(2)?,
        state: match state.as_str() {
            "pending" => DeviceState::Pending,
            "approved" => DeviceState::Approved,
            _ => DeviceState::Denied,
        },
        grant_id: row.get(4)?,
        interval: row.get(5)?,
        last_polled_at: row.get(6)?,
        expires_at: row.get(7)?,
    })
}

#[async_trait]
impl DeviceCodes for Sqlite {
    async fn add_device_code(&self, code: &DeviceCode, user_code_hash: &[u8], now: i64) -> Stored<bool> {
        let (code, user_code_hash) = (code.clone(), user_code_hash.to_owned());
        self.write(move |connection| {
            let added = execute(
                connection,
                "INSERT INTO device_codes
                   (code_hash, user_code_hash, client_id, document, state, interval, last_polled_at, expires_at)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
                 WHERE NOT EXISTS (SELECT 1 FROM device_codes WHERE user_code_hash = ?2 AND expires_at > ?9)
                 ON CONFLICT (user_code_hash) DO UPDATE SET
                   code_hash = excluded.code_hash, client_id = excluded.client_id, document = excluded.document,
                   state = excluded.state, grant_id = NULL, interval = excluded.interval,
                   last_polled_at = excluded.last_polled_at, expires_at = excluded.expires_at",
                params![
                    code.code_hash,
                    user_code_hash,
                    code.client_id,
                    code.document,
                    state_name(code.state),
                    code.interval,
                    code.last_polled_at,
                    code.expires_at,
                    now
                ],
            )?;
            Ok(added == 1)
        })
        .await
    }

    async fn device_code_by_user_code(&self, user_code_hash: &[u8]) -> Stored<Option<DeviceCode>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT code_hash, client_id, document, state, grant_id, interval, last_polled_at, expires_at
                 FROM device_codes WHERE user_code_hash = ?",
            )?;
            Ok(query.query_row([user_code_hash], read).optional()?)
        })
    }

    async fn poll_device_code(&self, code_hash: &[u8], now: i64) -> Stored<Option<DeviceCode>> {
        let code_hash = code_hash.to_owned();
        self.write(move |connection| {
            let before = connection
                .prepare_cached(
                    "SELECT code_hash, client_id, document, state, grant_id, interval, last_polled_at, expires_at
                     FROM device_codes WHERE code_hash = ?",
                )?
                .query_row([&code_hash], read)
                .optional()?;
            // RFC 8628 §3.5: who polls too early must wait five seconds longer from now on.
            execute(
                connection,
                "UPDATE device_codes
                 SET interval = interval + CASE WHEN ?2 - last_polled_at < interval THEN 5 ELSE 0 END,
                     last_polled_at = ?2
                 WHERE code_hash = ?1",
                params![code_hash, now],
            )?;
            Ok(before)
        })
        .await
    }

    async fn decide_device_code(&self, code_hash: &[u8], state: DeviceState, grant_id: Option<&str>) -> Stored<bool> {
        let (code_hash, grant_id) = (code_hash.to_owned(), grant_id.map(str::to_owned));
        self.write(move |connection| {
            let decided = execute(
                connection,
                "UPDATE device_codes SET state = ?, grant_id = ? WHERE code_hash = ? AND state = 'pending'",
                params![state_name(state), grant_id, code_hash],
            )?;
            Ok(decided == 1)
        })
        .await
    }

    async fn redeem_device_code(&self, code_hash: &[u8]) -> Stored<bool> {
        let code_hash = code_hash.to_owned();
        self.write(move |connection| {
            let statement = "DELETE FROM device_codes WHERE code_hash = ? AND state = 'approved'";
            Ok(execute(connection, statement, [&code_hash])? == 1)
        })
        .await
    }
}
