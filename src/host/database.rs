//! The database and the folder that it lies in, as configured.

use super::config::Config;
use super::server::StartError;
use crate::storage::sqlite::Sqlite;

/// Opens it, and makes the folder and the database where there are none.
pub(super) async fn open(config: &Config) -> Result<Sqlite, StartError> {
    if config.database_url.is_none() {
        let mut folder = std::fs::DirBuilder::new();
        folder.recursive(true);
        // It holds keys and password hashes.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        let cause = |cause| StartError::DataDir { folder: config.data_dir.clone(), cause };
        folder.create(&config.data_dir).map_err(cause)?;
    }
    Ok(Sqlite::open(&config.database_url()).await?)
}
