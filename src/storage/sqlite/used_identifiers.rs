//! Used identifiers in SQLite, and the removal of what has expired.

use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::used_identifiers::UsedIdentifiers;
use async_trait::async_trait;
use rusqlite::params;

/// One bounded removal per table. Deleting a grant takes its codes and refresh tokens along.
const REMOVALS: [&str; 7] = [
    "DELETE FROM used_identifiers WHERE rowid IN (SELECT rowid FROM used_identifiers WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM pushed_requests WHERE rowid IN (SELECT rowid FROM pushed_requests WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM device_codes WHERE rowid IN (SELECT rowid FROM device_codes WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM revocations WHERE rowid IN (SELECT rowid FROM revocations WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM refresh_tokens WHERE rowid IN (SELECT rowid FROM refresh_tokens WHERE expires_at <= ? LIMIT ?)",
    "DELETE FROM grants WHERE rowid IN (SELECT rowid FROM grants WHERE expires_at <= ? LIMIT ?)",
];

#[async_trait]
impl UsedIdentifiers for Sqlite {
    async fn use_identifier(&self, id_hash: &[u8], expires_at: i64) -> Stored<bool> {
        let id_hash = id_hash.to_owned();
        self.write(move |connection| {
            let statement = "INSERT INTO used_identifiers (id_hash, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING";
            Ok(execute(connection, statement, params![id_hash, expires_at])? == 1)
        })
        .await
    }

    async fn remove_expired(&self, now: i64, batch: u32) -> Stored<u64> {
        let mut removed = 0;
        for removal in REMOVALS {
            // One by one, so that others get their turn in between.
            removed += self.write(move |connection| execute(connection, removal, params![now, batch])).await?;
        }
        Ok(removed.try_into().unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::Sqlite;
    use crate::storage::accounts::{Account, Accounts as _, Realm};
    use crate::storage::clients::Clients as _;
    use crate::storage::grants::{Grant, Grants as _, NewCode, NewRefreshToken};
    use crate::storage::revocations::Revocations as _;
    use crate::storage::used_identifiers::UsedIdentifiers as _;
    use crate::wire::role::Role;

    #[tokio::test]
    async fn what_has_expired_goes_in_bounded_batches_and_what_lives_stays() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let database = Sqlite::open(&url).await.unwrap();
        let account = Account { id: "a".into(), username: "a".into(), role: Role::Viewer };
        database.add_account(Realm::Pages, &account, "", 0).await.unwrap();
        database.put_client("c", "{}", 0).await.unwrap();
        for (id, expires_at) in [("old", 100), ("young", 200)] {
            let grant = Grant {
                id: id.into(),
                account_id: "a".into(),
                client_id: "c".into(),
                scope: String::new(),
                created_at: 0,
                last_used_at: 0,
                expires_at,
                revoked_at: None,
            };
            let code = NewCode { code_hash: id.into(), document: "{}".into(), expires_at };
            database.add_grant(grant, Some(code)).await.unwrap();
            let token =
                NewRefreshToken { token_hash: id.into(), grant_id: id.into(), document: "{}".into(), expires_at };
            database.add_refresh_token(token).await.unwrap();
            database.add_revocation(id, expires_at).await.unwrap();
        }
        for number in 0..5_u8 {
            assert!(database.use_identifier(&[number], 100).await.unwrap());
            assert!(!database.use_identifier(&[number], 100).await.unwrap(), "it was used");
        }
        assert_eq!(database.remove_expired(99, 10).await.unwrap(), 0);
        let mut batches = Vec::new();
        loop {
            match database.remove_expired(100, 2).await.unwrap() {
                0 => break,
                removed => batches.push(removed),
            }
        }
        assert_eq!(batches.len(), 3, "two identifiers at a time: {batches:?}");
        assert!(database.grant("old").await.unwrap().is_none() && database.grant("young").await.unwrap().is_some());
        assert!(database.code(b"old").await.unwrap().is_none() && database.code(b"young").await.unwrap().is_some());
        assert!(database.refresh_token(b"young").await.unwrap().is_some());
        let revocations = database.revocations_after(0).await.unwrap();
        assert_eq!(revocations.len(), 1);
        assert_eq!((revocations[0].value.as_str(), revocations[0].expires_at), ("young", 200));
    }
}
