//! `three-keys keys`: the authorization server's signing keys.

use super::super::config::Config;
use super::super::server::{ISSUER_ALGORITHMS, ISSUER_KEYS, StartError};
use crate::auth_server::keys::IssuerKeys;
use crate::storage::sqlite::Sqlite;
use std::sync::Arc;

/// What can be done with the signing keys.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub enum KeysCommand {
    /// Lists them: name, algorithm, age, and which sign.
    List,
    /// Adds a key of each algorithm. A running server takes it up within a minute; it signs five minutes later, and
    /// the keys before it verify on for a day.
    Rotate,
}

pub(super) async fn run(
    command: KeysCommand,
    storage: Arc<Sqlite>,
    config: &Config,
    now: i64,
) -> Result<Vec<String>, StartError> {
    let encryption = config.key_encryption_secret.as_deref();
    let keys = IssuerKeys::open(storage, ISSUER_KEYS, encryption, &ISSUER_ALGORITHMS, now).await?;
    if let KeysCommand::Rotate = command {
        for algorithm in ISSUER_ALGORITHMS {
            keys.add(algorithm, now).await?;
        }
    }
    let line = |(kid, algorithm, created_at, signs): (String, crate::jose::SigningAlgorithm, i64, bool)| {
        let what = if signs { "signs" } else { "verifies" };
        format!("{kid}  {}  {what}  made {} seconds ago", algorithm.as_str(), now - created_at)
    };
    Ok(keys.list(now).into_iter().map(line).collect())
}
