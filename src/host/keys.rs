//! `three-keys keys`: the authorization server's signing keys, from the command line.

use super::config::{Config, KeysCommand};
use super::server::{ISSUER_ALGORITHMS, ISSUER_KEYS, StartError};
use crate::auth_server::keys::IssuerKeys;
use crate::clock::Clock;
use crate::storage::sqlite::Sqlite;
use std::sync::Arc;

/// Does what was asked and answers with the lines to print.
///
/// # Errors
/// When the database or a key cannot be used.
pub async fn run(command: KeysCommand, config: &Config, clock: &Clock) -> Result<Vec<String>, StartError> {
    let database = Sqlite::open(&config.database_url()).await?;
    let now = clock.now();
    let encryption = config.key_encryption_secret.as_deref();
    let keys = IssuerKeys::open(Arc::new(database.clone()), ISSUER_KEYS, encryption, &ISSUER_ALGORITHMS, now).await?;
    if let KeysCommand::Rotate = command {
        for algorithm in ISSUER_ALGORITHMS {
            keys.add(algorithm, now).await?;
        }
    }
    let lines = keys
        .list(now)
        .into_iter()
        .map(|(kid, algorithm, created_at, signs)| {
            let what = if signs { "signs" } else { "verifies" };
            format!("{kid}  {}  {what}  made {} seconds ago", algorithm.as_str(), now - created_at)
        })
        .collect();
    database.close().await;
    Ok(lines)
}
