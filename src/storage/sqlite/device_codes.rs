//! Device codes in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::device_codes::{DeviceCode, DeviceCodes, DeviceState};
use async_trait::async_trait;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

fn state_name(state: DeviceState) -> &'static str {
    match state {
        DeviceState::Pending => "pending",
        DeviceState::Approved => "approved",
        DeviceState::Denied => "denied",
    }
}

fn read(row: &SqliteRow) -> Stored<DeviceCode> {
    let state: String = row.try_get(3)?;
    Ok(DeviceCode {
        code_hash: row.try_get(0)?,
        client_id: row.try_get(1)?,
        document: row.try_get(2)?,
        state: match state.as_str() {
            "pending" => DeviceState::Pending,
            "approved" => DeviceState::Approved,
            _ => DeviceState::Denied,
        },
        grant_id: row.try_get(4)?,
        interval: row.try_get(5)?,
        last_polled_at: row.try_get(6)?,
        expires_at: row.try_get(7)?,
    })
}

#[async_trait]
impl DeviceCodes for Sqlite {
    async fn add_device_code(&self, code: &DeviceCode, user_code_hash: &[u8], now: i64) -> Stored<bool> {
        let done = sqlx::query(
            "INSERT INTO device_codes
               (code_hash, user_code_hash, client_id, document, state, interval, last_polled_at, expires_at)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
             WHERE NOT EXISTS (SELECT 1 FROM device_codes WHERE user_code_hash = ?2 AND expires_at > ?9)
             ON CONFLICT (user_code_hash) DO UPDATE SET
               code_hash = excluded.code_hash, client_id = excluded.client_id, document = excluded.document,
               state = excluded.state, grant_id = NULL, interval = excluded.interval,
               last_polled_at = excluded.last_polled_at, expires_at = excluded.expires_at",
        )
        .bind(&code.code_hash)
        .bind(user_code_hash)
        .bind(&code.client_id)
        .bind(&code.document)
        .bind(state_name(code.state))
        .bind(code.interval)
        .bind(code.last_polled_at)
        .bind(code.expires_at)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn device_code_by_user_code(&self, user_code_hash: &[u8]) -> Stored<Option<DeviceCode>> {
        sqlx::query(
            "SELECT code_hash, client_id, document, state, grant_id, interval, last_polled_at, expires_at
             FROM device_codes WHERE user_code_hash = ?",
        )
        .bind(user_code_hash)
        .fetch_optional(&self.reader)
        .await?
        .map(|row| read(&row))
        .transpose()
    }

    async fn poll_device_code(&self, code_hash: &[u8], now: i64) -> Stored<Option<DeviceCode>> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let before = sqlx::query(
            "SELECT code_hash, client_id, document, state, grant_id, interval, last_polled_at, expires_at
             FROM device_codes WHERE code_hash = ?",
        )
        .bind(code_hash)
        .fetch_optional(&mut *transaction)
        .await?
        .map(|row| read(&row))
        .transpose()?;
        // RFC 8628 §3.5: who polls too early must wait five seconds longer from now on.
        sqlx::query(
            "UPDATE device_codes
             SET interval = interval + CASE WHEN ?2 - last_polled_at < interval THEN 5 ELSE 0 END, last_polled_at = ?2
             WHERE code_hash = ?1",
        )
        .bind(code_hash)
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(before)
    }

    async fn decide_device_code(&self, code_hash: &[u8], state: DeviceState, grant_id: Option<&str>) -> Stored<bool> {
        let done =
            sqlx::query("UPDATE device_codes SET state = ?, grant_id = ? WHERE code_hash = ? AND state = 'pending'")
                .bind(state_name(state))
                .bind(grant_id)
                .bind(code_hash)
                .execute(&self.writer)
                .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn redeem_device_code(&self, code_hash: &[u8]) -> Stored<bool> {
        let done = sqlx::query("DELETE FROM device_codes WHERE code_hash = ? AND state = 'approved'")
            .bind(code_hash)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
