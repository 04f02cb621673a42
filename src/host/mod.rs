//! The host: configuration, the assembly of the two servers and the user interface, start and stop. It may touch
//! everything; nothing else touches it.

mod assets;
pub mod cli;
pub mod config;
mod connections;
mod database;
mod demo;
mod descriptors;
mod follow;
mod forwarded;
mod headers;
mod health;
mod housekeeping;
mod limits;
mod listener;
pub mod memory;
mod names;
mod router;
pub mod server;
pub mod signals;
mod target;
pub mod telemetry;
pub mod tls;
