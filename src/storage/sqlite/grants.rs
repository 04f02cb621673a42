//! Grants, codes and refresh tokens in SQLite.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::grants::{Application, Grant, Grants, NewRefreshToken, StoredCode, StoredRefreshToken};
use async_trait::async_trait;
use sqlx::{Row as _, SqliteConnection};

async fn insert_refresh_token(connection: &mut SqliteConnection, token: &NewRefreshToken) -> Stored<()> {
    sqlx::query("INSERT INTO refresh_tokens (token_hash, grant_id, document, expires_at) VALUES (?, ?, ?, ?)")
        .bind(&token.token_hash)
        .bind(&token.grant_id)
        .bind(&token.document)
        .bind(token.expires_at)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// A grant that was used lives as long as its longest token.
async fn touch_grant(connection: &mut SqliteConnection, id: &str, now: i64, until: i64) -> Stored<()> {
    sqlx::query("UPDATE grants SET last_used_at = ?, expires_at = max(expires_at, ?) WHERE id = ?")
        .bind(now)
        .bind(until)
        .bind(id)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

/// Enters a revocation in the feed.
pub(super) async fn feed(connection: &mut SqliteConnection, value: &str, until: i64) -> Stored<()> {
    sqlx::query(
        "INSERT INTO revocations (value, expires_at) VALUES (?, ?)
         ON CONFLICT (value) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)",
    )
    .bind(value)
    .bind(until)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

#[async_trait]
impl Grants for Sqlite {
    async fn add_grant(&self, grant: &Grant, code: Option<(&[u8], &str, i64)>) -> Stored<()> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO grants (id, account_id, client_id, scope, created_at, last_used_at, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&grant.id)
        .bind(&grant.account_id)
        .bind(&grant.client_id)
        .bind(&grant.scope)
        .bind(grant.created_at)
        .bind(grant.last_used_at)
        .bind(grant.expires_at)
        .execute(&mut *transaction)
        .await?;
        if let Some((code_hash, document, expires_at)) = code {
            sqlx::query("INSERT INTO codes (code_hash, grant_id, document, expires_at) VALUES (?, ?, ?, ?)")
                .bind(code_hash)
                .bind(&grant.id)
                .bind(document)
                .bind(expires_at)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    async fn grant(&self, id: &str) -> Stored<Option<Grant>> {
        let row = sqlx::query(
            "SELECT id, account_id, client_id, scope, created_at, last_used_at, expires_at, revoked_at
             FROM grants WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| {
            Ok(Grant {
                id: row.try_get(0)?,
                account_id: row.try_get(1)?,
                client_id: row.try_get(2)?,
                scope: row.try_get(3)?,
                created_at: row.try_get(4)?,
                last_used_at: row.try_get(5)?,
                expires_at: row.try_get(6)?,
                revoked_at: row.try_get(7)?,
            })
        })
        .transpose()
    }

    async fn code(&self, code_hash: &[u8]) -> Stored<Option<StoredCode>> {
        let row = sqlx::query("SELECT grant_id, document, expires_at, redeemed_at FROM codes WHERE code_hash = ?")
            .bind(code_hash)
            .fetch_optional(&self.reader)
            .await?;
        row.map(|row| {
            Ok(StoredCode {
                grant_id: row.try_get(0)?,
                document: row.try_get(1)?,
                expires_at: row.try_get(2)?,
                redeemed_at: row.try_get(3)?,
            })
        })
        .transpose()
    }

    async fn redeem_code(&self, code_hash: &[u8], refresh: Option<&NewRefreshToken>, now: i64) -> Stored<bool> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let grant_id: Option<String> = sqlx::query_scalar(
            "UPDATE codes SET redeemed_at = ?2
             WHERE code_hash = ?1 AND redeemed_at IS NULL AND expires_at > ?2
               AND EXISTS (SELECT 1 FROM grants WHERE id = codes.grant_id AND revoked_at IS NULL)
             RETURNING grant_id",
        )
        .bind(code_hash)
        .bind(now)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(grant_id) = grant_id else { return Ok(false) };
        touch_grant(&mut transaction, &grant_id, now, refresh.map_or(0, |token| token.expires_at)).await?;
        if let Some(token) = refresh {
            insert_refresh_token(&mut transaction, token).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    async fn add_refresh_token(&self, token: &NewRefreshToken) -> Stored<()> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        insert_refresh_token(&mut transaction, token).await?;
        sqlx::query("UPDATE grants SET expires_at = max(expires_at, ?) WHERE id = ?")
            .bind(token.expires_at)
            .bind(&token.grant_id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn refresh_token(&self, token_hash: &[u8]) -> Stored<Option<StoredRefreshToken>> {
        let row = sqlx::query(
            "SELECT token_hash, grant_id, document, expires_at, rotated_at, successor, sealed_answer
             FROM refresh_tokens WHERE token_hash = ?",
        )
        .bind(token_hash)
        .fetch_optional(&self.reader)
        .await?;
        row.map(|row| {
            Ok(StoredRefreshToken {
                token_hash: row.try_get(0)?,
                grant_id: row.try_get(1)?,
                document: row.try_get(2)?,
                expires_at: row.try_get(3)?,
                rotated_at: row.try_get(4)?,
                successor: row.try_get(5)?,
                sealed_answer: row.try_get(6)?,
            })
        })
        .transpose()
    }

    async fn rotate_refresh_token(
        &self,
        token_hash: &[u8],
        successor: &NewRefreshToken,
        sealed_answer: &[u8],
        now: i64,
    ) -> Stored<bool> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let done = sqlx::query(
            "UPDATE refresh_tokens SET rotated_at = ?2, successor = ?3, sealed_answer = ?4
             WHERE token_hash = ?1 AND rotated_at IS NULL AND expires_at > ?2
               AND EXISTS (SELECT 1 FROM grants WHERE id = refresh_tokens.grant_id AND revoked_at IS NULL)",
        )
        .bind(token_hash)
        .bind(now)
        .bind(&successor.token_hash)
        .bind(sealed_answer)
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        insert_refresh_token(&mut transaction, successor).await?;
        touch_grant(&mut transaction, &successor.grant_id, now, successor.expires_at).await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn revoke_grant(&self, id: &str, now: i64, feed_until: i64) -> Stored<bool> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let done = sqlx::query("UPDATE grants SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL")
            .bind(now)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        feed(&mut transaction, id, feed_until).await?;
        transaction.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    async fn revoke_application(
        &self,
        account_id: &str,
        client_id: &str,
        now: i64,
        feed_until: i64,
    ) -> Stored<Vec<String>> {
        let mut transaction = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let ids: Vec<String> = sqlx::query_scalar(
            "UPDATE grants SET revoked_at = ? WHERE account_id = ? AND client_id = ? AND revoked_at IS NULL RETURNING id",
        )
        .bind(now)
        .bind(account_id)
        .bind(client_id)
        .fetch_all(&mut *transaction)
        .await?;
        for id in &ids {
            feed(&mut transaction, id, feed_until).await?;
        }
        sqlx::query("DELETE FROM consents WHERE account_id = ? AND client_id = ?")
            .bind(account_id)
            .bind(client_id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(ids)
    }

    async fn applications(&self, account_id: &str, now: i64) -> Stored<Vec<Application>> {
        let rows = sqlx::query(
            "SELECT client_id, scope, created_at, last_used_at FROM grants
             WHERE account_id = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY client_id, created_at",
        )
        .bind(account_id)
        .bind(now)
        .fetch_all(&self.reader)
        .await?;
        let mut applications: Vec<Application> = Vec::new();
        for row in rows {
            let (client_id, scope): (String, String) = (row.try_get(0)?, row.try_get(1)?);
            let (granted_at, last_used_at): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
            match applications.last_mut().filter(|application| application.client_id == client_id) {
                Some(application) => {
                    application.scopes.push(scope);
                    application.last_used_at = application.last_used_at.max(last_used_at);
                }
                None => applications.push(Application { client_id, scopes: vec![scope], granted_at, last_used_at }),
            }
        }
        Ok(applications)
    }

    async fn consent(&self, account_id: &str, client_id: &str) -> Stored<Option<String>> {
        Ok(sqlx::query_scalar("SELECT scope FROM consents WHERE account_id = ? AND client_id = ?")
            .bind(account_id)
            .bind(client_id)
            .fetch_optional(&self.reader)
            .await?)
    }

    async fn put_consent(&self, account_id: &str, client_id: &str, scope: &str, now: i64) -> Stored<()> {
        sqlx::query(
            "INSERT INTO consents (account_id, client_id, scope, granted_at) VALUES (?, ?, ?, ?)
             ON CONFLICT (account_id, client_id) DO UPDATE SET scope = excluded.scope, granted_at = excluded.granted_at",
        )
        .bind(account_id)
        .bind(client_id)
        .bind(scope)
        .bind(now)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}
