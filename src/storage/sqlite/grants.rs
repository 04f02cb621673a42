//! Grants, codes and refresh tokens in SQLite.

use super::accounts::account;
use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::grants::{Application, Grant, Grants, NewCode, NewRefreshToken, StoredCode, StoredRefreshToken};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Adds a refresh token. Its grant lives as long as its longest token.
fn insert_refresh_token(connection: &Connection, token: &NewRefreshToken) -> Stored<()> {
    execute(
        connection,
        "INSERT INTO refresh_tokens (token_hash, grant_id, document, expires_at) VALUES (?, ?, ?, ?)",
        params![token.token_hash, token.grant_id, token.document, token.expires_at],
    )?;
    execute(
        connection,
        "UPDATE grants SET expires_at = ?2 WHERE id = ?1 AND expires_at < ?2",
        params![token.grant_id, token.expires_at],
    )?;
    Ok(())
}

/// A token was made of the grant.
fn touch_grant(connection: &Connection, id: &str, now: i64) -> Stored<()> {
    execute(connection, "UPDATE grants SET last_used_at = ? WHERE id = ?", params![now, id])?;
    Ok(())
}

/// Enters a revocation in the feed.
pub(super) fn feed(connection: &Connection, value: &str, until: i64) -> Stored<()> {
    execute(
        connection,
        "INSERT INTO revocations (value, expires_at) VALUES (?, ?)
         ON CONFLICT (value) DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)",
        params![value, until],
    )?;
    Ok(())
}

#[async_trait]
impl Grants for Sqlite {
    async fn add_grant(&self, grant: Grant, code: Option<NewCode>) -> Stored<()> {
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO grants (id, account_id, client_id, scope, created_at, last_used_at, expires_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![
                    grant.id,
                    grant.account_id,
                    grant.client_id,
                    grant.scope,
                    grant.created_at,
                    grant.last_used_at,
                    grant.expires_at
                ],
            )?;
            if let Some(code) = &code {
                execute(
                    connection,
                    "INSERT INTO codes (code_hash, grant_id, document, expires_at) VALUES (?, ?, ?, ?)",
                    params![code.code_hash, grant.id, code.document, code.expires_at],
                )?;
            }
            Ok(())
        })
        .await
    }

    async fn grant(&self, id: &str) -> Stored<Option<Grant>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT id, account_id, client_id, scope, created_at, last_used_at, expires_at, revoked_at
                 FROM grants WHERE id = ?",
            )?;
            let found = query.query_row([id], |row| {
                Ok(Grant {
                    id: row.get(0)?,
                    account_id: row.get(1)?,
                    client_id: row.get(2)?,
                    scope: row.get(3)?,
                    created_at: row.get(4)?,
                    last_used_at: row.get(5)?,
                    expires_at: row.get(6)?,
                    revoked_at: row.get(7)?,
                })
            });
            Ok(found.optional()?)
        })
    }

    async fn code(&self, code_hash: &[u8]) -> Stored<Option<StoredCode>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT codes.grant_id, codes.document, codes.expires_at, codes.redeemed_at,
                        grants.revoked_at IS NOT NULL, accounts.id, accounts.username, accounts.role
                 FROM codes JOIN grants ON grants.id = codes.grant_id JOIN accounts ON accounts.id = grants.account_id
                 WHERE codes.code_hash = ?",
            )?;
            let found = query.query_row([code_hash], |row| {
                Ok(StoredCode {
                    grant_id: row.get(0)?,
                    document: row.get(1)?,
                    expires_at: row.get(2)?,
                    redeemed_at: row.get(3)?,
                    is_revoked: row.get(4)?,
                    account: account(row, 5)?,
                })
            });
            Ok(found.optional()?)
        })
    }

    async fn redeem_code(&self, code_hash: &[u8], refresh: Option<NewRefreshToken>, now: i64) -> Stored<bool> {
        let code_hash = code_hash.to_owned();
        self.write(move |connection| {
            let grant_id: Option<String> = connection
                .prepare_cached(
                    "UPDATE codes SET redeemed_at = ?2
                     WHERE code_hash = ?1 AND redeemed_at IS NULL AND expires_at > ?2
                       AND EXISTS (SELECT 1 FROM grants WHERE id = codes.grant_id AND revoked_at IS NULL)
                     RETURNING grant_id",
                )?
                .query_row(params![code_hash, now], |row| row.get(0))
                .optional()?;
            let Some(grant_id) = grant_id else { return Ok(false) };
            touch_grant(connection, &grant_id, now)?;
            if let Some(token) = &refresh {
                insert_refresh_token(connection, token)?;
            }
            Ok(true)
        })
        .await
    }

    async fn add_refresh_token(&self, token: NewRefreshToken) -> Stored<()> {
        self.write(move |connection| insert_refresh_token(connection, &token)).await
    }

    async fn refresh_token(&self, token_hash: &[u8]) -> Stored<Option<StoredRefreshToken>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT token.token_hash, token.grant_id, token.document, token.expires_at, token.rotated_at,
                        token.successor, token.sealed_answer,
                        grants.revoked_at IS NOT NULL, accounts.id, accounts.username, accounts.role
                 FROM refresh_tokens AS token
                 JOIN grants ON grants.id = token.grant_id JOIN accounts ON accounts.id = grants.account_id
                 WHERE token.token_hash = ?",
            )?;
            let found = query.query_row([token_hash], |row| {
                Ok(StoredRefreshToken {
                    token_hash: row.get(0)?,
                    grant_id: row.get(1)?,
                    document: row.get(2)?,
                    expires_at: row.get(3)?,
                    rotated_at: row.get(4)?,
                    successor: row.get(5)?,
                    sealed_answer: row.get(6)?,
                    is_revoked: row.get(7)?,
                    account: account(row, 8)?,
                })
            });
            Ok(found.optional()?)
        })
    }

    async fn rotate_refresh_token(
        &self,
        token_hash: &[u8],
        successor: NewRefreshToken,
        sealed_answer: Vec<u8>,
        now: i64,
    ) -> Stored<bool> {
        let token_hash = token_hash.to_owned();
        self.write(move |connection| {
            let rotated = execute(
                connection,
                "UPDATE refresh_tokens SET rotated_at = ?2, successor = ?3, sealed_answer = ?4
                 WHERE token_hash = ?1 AND rotated_at IS NULL AND expires_at > ?2
                   AND EXISTS (SELECT 1 FROM grants WHERE id = refresh_tokens.grant_id AND revoked_at IS NULL)",
                params![token_hash, now, successor.token_hash, sealed_answer],
            )?;
            if rotated != 1 {
                return Ok(false);
            }
            insert_refresh_token(connection, &successor)?;
            touch_grant(connection, &successor.grant_id, now)?;
            Ok(true)
        })
        .await
    }

    async fn revoke_grant(&self, id: &str, now: i64, feed_until: i64) -> Stored<bool> {
        let id = id.to_owned();
        self.write(move |connection| {
            let statement = "UPDATE grants SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL";
            let revoked = execute(connection, statement, params![now, id])?;
            feed(connection, &id, feed_until)?;
            Ok(revoked == 1)
        })
        .await
    }

    async fn revoke_application(
        &self,
        account_id: &str,
        client_id: &str,
        now: i64,
        feed_until: i64,
    ) -> Stored<Vec<String>> {
        let (account_id, client_id) = (account_id.to_owned(), client_id.to_owned());
        self.write(move |connection| {
            let ids: Vec<String> = connection
                .prepare_cached(
                    "UPDATE grants SET revoked_at = ?
                     WHERE account_id = ? AND client_id = ? AND revoked_at IS NULL RETURNING id",
                )?
                .query_map(params![now, account_id, client_id], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for id in &ids {
                feed(connection, id, feed_until)?;
            }
            let statement = "DELETE FROM consents WHERE account_id = ? AND client_id = ?";
            execute(connection, statement, [&account_id, &client_id])?;
            Ok(ids)
        })
        .await
    }

    async fn applications(&self, account_id: &str, now: i64) -> Stored<Vec<Application>> {
        self.read(|connection| {
            let mut query = connection.prepare_cached(
                "SELECT client_id, scope, created_at, last_used_at FROM grants
                 WHERE account_id = ? AND revoked_at IS NULL AND expires_at > ? ORDER BY client_id, created_at",
            )?;
            let mut rows = query.query(params![account_id, now])?;
            let mut applications: Vec<Application> = Vec::new();
            while let Some(row) = rows.next()? {
                let (client_id, scope): (String, String) = (row.get(0)?, row.get(1)?);
                let (granted_at, last_used_at): (i64, i64) = (row.get(2)?, row.get(3)?);
                match applications.last_mut().filter(|application| application.client_id == client_id) {
                    Some(application) => {
                        application.scopes.push(scope);
                        application.last_used_at = application.last_used_at.max(last_used_at);
                    }
                    None => applications.push(Application { client_id, scopes: vec![scope], granted_at, last_used_at }),
                }
            }
            Ok(applications)
        })
    }

    async fn consent(&self, account_id: &str, client_id: &str) -> Stored<Option<String>> {
        self.read(|connection| {
            let mut query =
                connection.prepare_cached("SELECT scope FROM consents WHERE account_id = ? AND client_id = ?")?;
            Ok(query.query_row([account_id, client_id], |row| row.get(0)).optional()?)
        })
    }

    async fn put_consent(&self, account_id: &str, client_id: &str, scope: &str, now: i64) -> Stored<()> {
        let (account_id, client_id, scope) = (account_id.to_owned(), client_id.to_owned(), scope.to_owned());
        self.write(move |connection| {
            execute(
                connection,
                "INSERT INTO consents (account_id, client_id, scope, granted_at) VALUES (?, ?, ?, ?)
                 ON CONFLICT (account_id, client_id) DO UPDATE
                   SET scope = excluded.scope, granted_at = excluded.granted_at",
                params![account_id, client_id, scope, now],
            )?;
            Ok(())
        })
        .await
    }
}
