//! The connections that only read.

use super::connect;
use crate::storage::{StorageError, Stored};
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// As many connections as threads have read at the same time. Clones share them.
#[derive(Clone)]
pub(super) struct Readers(Arc<Shared>);

struct Shared {
    path: PathBuf,
    /// Those that nobody reads from now; `None` when all are closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(Arc::new(Shared { path, idle: Mutex::new(Some(Vec::new())) }))
    }

    /// Reads in place.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Stored<T>) -> Stored<T> {
        let idle = || self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let found = idle().as_mut().ok_or(StorageError::Closed)?.pop();
        let connection = match found {
            Some(connection) => connection,
            None => connect(&self.0.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        let outcome = work(&connection);
        if let Some(idle) = idle().as_mut() {
            idle.push(connection);
        }
        outcome
    }

    /// Closes them; those in use, as soon as they are no more.
    pub(super) fn close(&self) {
        drop(self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Readers").field("path", &self.0.path).finish_non_exhaustive()
    }
}
