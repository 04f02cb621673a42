//! Every connection takes a file descriptor, and systems start programs with few.

use std::num::NonZeroU32;

/// What the database, the log and the files of the interface take.
#[cfg(unix)]
const OTHERS: u64 = 128;

/// Asks the system for as many descriptors as the connections need, and says so where it gives fewer.
#[cfg(unix)]
pub(super) fn make_room(connections: NonZeroU32) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let needed = u64::from(connections.get()) + OTHERS;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= needed) {
        return;
    }
    limit.current = Some(limit.maximum.map_or(needed, |maximum| maximum.min(needed)));
    let given = limit.current.unwrap_or_default();
    if setrlimit(Resource::Nofile, limit).is_err() || given < needed {
        tracing::warn!(needed, given, "the system gives fewer file descriptors than max_connections needs");
    }
}

/// Elsewhere, descriptors are not counted like that.
#[cfg(not(unix))]
pub(super) fn make_room(_: NonZeroU32) {}
