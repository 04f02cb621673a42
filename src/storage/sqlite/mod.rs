//! The SQLite implementation of the repositories: one writer, several readers, write-ahead log.

mod accounts;
mod audit;
mod clients;
mod device_codes;
mod grants;
mod keys;
mod pages;
mod pushed_requests;
mod revocations;
mod sessions;
mod used_identifiers;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use std::str::FromStr;
use std::time::Duration;

/// SQLite behind the repository traits.
#[derive(Debug, Clone)]
pub struct Sqlite {
    /// SQLite has one writer at a time; a pool of one queues them without busy errors.
    writer: SqlitePool,
    reader: SqlitePool,
}

/// Why the database could not be opened. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL is not SQLite's.
    #[error("the database URL {0:?} is not usable; write it as sqlite:PATH")]
    Url(String),
    /// The file cannot be opened or written.
    #[error(
        "the database {url:?} cannot be opened or written ({cause}); check that its folder exists, that this user may write there and that the file is a SQLite database"
    )]
    Open {
        /// The URL as configured.
        url: String,
        /// What SQLite says.
        cause: sqlx::Error,
    },
    /// The content does not fit.
    #[error(
        "the database {url:?} is damaged or belongs to another version of Three Keys ({cause}); restore a backup, or move the file away to start anew"
    )]
    Migrate {
        /// The URL as configured.
        url: String,
        /// What the migrations say.
        cause: sqlx::migrate::MigrateError,
    },
}

impl Sqlite {
    /// Opens the database, creates it where there is none, and brings it to this version.
    ///
    /// # Errors
    /// When the URL, the file or its content is unusable.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let unusable = || OpenError::Url(url.to_owned());
        if !url.starts_with("sqlite:") {
            return Err(unusable());
        }
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|_| unusable())?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: an answer that a client received is on disk, whatever happens to the machine.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10));
        let open = |cause| OpenError::Open { url: url.to_owned(), cause };
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.clone())
            .await
            .map_err(open)?;
        sqlx::migrate!("src/storage/migrations")
            .run(&writer)
            .await
            .map_err(|cause| OpenError::Migrate { url: url.to_owned(), cause })?;
        let reader = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(30))
            .connect_with(options.read_only(true))
            .await
            .map_err(open)?;
        Ok(Self { writer, reader })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> super::Stored<()> {
        sqlx::query("SELECT 1").execute(&self.reader).await?;
        Ok(())
    }

    /// Closes all connections after the work under way.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}
