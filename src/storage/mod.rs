//! What is kept: the repository traits, and their SQLite implementation in `sqlite/`, the only place with SQL.
//! It knows nothing of HTTP; both servers stand on it through the traits alone.

pub mod accounts;
pub mod audit;
pub mod clients;
pub mod device_codes;
pub mod grants;
pub mod keys;
pub mod pages;
pub mod pushed_requests;
pub mod revocations;
pub mod sessions;
pub mod sqlite;
pub mod used_identifiers;

/// Why storage could not answer. The cause goes to the log, never to a caller.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// The server is stopping.
    #[error("the database is closed")]
    Closed,
    /// A stored document cannot be read; somebody changed it by hand, or an older program is running on newer data.
    #[error("a stored document is damaged: {0}")]
    Document(#[from] serde_json::Error),
}

/// What a repository answers.
pub type Stored<T> = Result<T, StorageError>;

/// Every repository that the two servers need, in one object.
pub trait Storage:
    accounts::Accounts
    + audit::Audit
    + clients::Clients
    + device_codes::DeviceCodes
    + grants::Grants
    + keys::Keys
    + pages::Pages
    + pushed_requests::PushedRequests
    + revocations::Revocations
    + sessions::Sessions
    + used_identifiers::UsedIdentifiers
    + Send
    + Sync
    + 'static
{
}

impl<T> Storage for T where
    T: accounts::Accounts
        + audit::Audit
        + clients::Clients
        + device_codes::DeviceCodes
        + grants::Grants
        + keys::Keys
        + pages::Pages
        + pushed_requests::PushedRequests
        + revocations::Revocations
        + sessions::Sessions
        + used_identifiers::UsedIdentifiers
        + Send
        + Sync
        + 'static
{
}
