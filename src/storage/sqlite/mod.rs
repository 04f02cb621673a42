//! The SQLite implementation of the repositories: one writer, several readers, write-ahead log.
//!
//! Reading takes a few microseconds and never waits for the writer, so it is done in place: the way to another thread
//! and back would take several times as long. Writing waits for the disk, and has a thread of its own.

mod accounts;
mod audit;
mod clients;
mod device_codes;
mod grants;
mod keys;
mod migrations;
mod pages;
mod pushed_requests;
mod readers;
mod revocations;
mod sessions;
mod used_identifiers;
mod writer;

use super::{StorageError, Stored};
use readers::Readers;
use rusqlite::{Connection, OpenFlags, Params};
use std::path::{Path, PathBuf};
use std::time::Duration;
use writer::Writer;

/// How long a statement waits for a lock that another process holds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How many prepared statements a connection keeps: more than there are here.
const STATEMENTS: usize = 128;

/// SQLite behind the repository traits. Clones share the connections.
#[derive(Debug, Clone)]
pub struct Sqlite {
    readers: Readers,
    writer: Writer,
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
        cause: rusqlite::Error,
    },
    /// The content does not fit.
    #[error(
        "the database {url:?} is damaged or belongs to another version of Three Keys ({cause}); restore a backup, or move the file away to start anew"
    )]
    Migrate {
        /// The URL as configured.
        url: String,
        /// What the migrations say.
        cause: rusqlite_migration::Error,
    },
}

impl Sqlite {
    /// Opens the database, creates it where there is none, and brings it to this version.
    ///
    /// # Errors
    /// When the URL, the file or its content is unusable.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let path = path(url).ok_or_else(|| OpenError::Url(url.to_owned()))?;
        let open = |cause| OpenError::Open { url: url.to_owned(), cause };
        let mut writer = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
            .and_then(prepared_to_write)
            .map_err(open)?;
        migrations::run(&mut writer).map_err(|cause| OpenError::Migrate { url: url.to_owned(), cause })?;
        let readers = Readers::new(path);
        readers.read(|_| Ok(())).map_err(|error| match error {
            StorageError::Database(cause) => open(cause),
            _ => OpenError::Url(url.to_owned()),
        })?;
        Ok(Self { readers, writer: Writer::start(writer) })
    }

    /// Whether the database answers, and can be written to.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Stored<()> {
        if self.writer.has_ended() {
            return Err(StorageError::Closed);
        }
        let readers = self.readers.clone();
        // This one is asked because something may be wrong with the disk: then it must not hold up anybody else.
        let asked = tokio::task::spawn_blocking(move || {
            readers.read(|connection| Ok(connection.query_row("SELECT count(*) FROM secrets", [], |_| Ok(()))?))
        });
        asked.await.map_err(|_| StorageError::Closed)?
    }

    /// Closes all connections after the work under way.
    pub async fn close(&self) {
        self.readers.close();
        self.writer.close().await;
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Stored<T>) -> Stored<T> {
        self.readers.read(work)
    }

    async fn write<T: Send + 'static>(&self, change: impl Fn(&Connection) -> Stored<T> + Send + 'static) -> Stored<T> {
        self.writer.write(change).await
    }
}

/// The path in `sqlite:PATH`. A database in memory would be another one for each connection.
fn path(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    (!path.is_empty() && !path.starts_with(':')).then(|| PathBuf::from(path))
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time, so SQLite need not look after that itself.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn prepared_to_write(connection: Connection) -> rusqlite::Result<Connection> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: an answer that a client received is on disk, whatever happens to the machine.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(connection)
}

/// Runs a statement that is kept prepared. Answers how many rows it changed.
fn execute(connection: &Connection, statement: &str, values: impl Params) -> Stored<usize> {
    Ok(connection.prepare_cached(statement)?.execute(values)?)
}

#[cfg(test)]
mod tests {
    use super::path;
    use std::path::PathBuf;

    #[test]
    fn the_url_is_a_path() {
        for (url, wanted) in [
            ("sqlite:a.db", Some("a.db")),
            ("sqlite:/a b/c?d.db", Some("/a b/c?d.db")),
            ("sqlite:///a.db", Some("/a.db")),
            ("sqlite:", None),
            ("sqlite::memory:", None),
            ("postgres:a", None),
        ] {
            assert_eq!(path(url), wanted.map(PathBuf::from), "{url}");
        }
    }
}
