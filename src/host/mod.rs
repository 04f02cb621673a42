//! The host: configuration, the assembly of the two servers and the user interface, start and stop. It may touch
//! everything; nothing else touches it.

pub mod config;
mod demo;
mod headers;
mod housekeeping;
pub mod keys;
mod router;
pub mod server;
mod target;
