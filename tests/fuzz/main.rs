//! Every parser of untrusted bytes, given inputs that nobody would write: a module per kind of parser, a test per target.
//!
//! `make test` runs each target for a second from a fixed seed; `make fuzz` for ten minutes each from a new one. How it
//! goes, and how a failure is repeated, stands in [`runner`]. Parsers that are private are met over HTTP.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]
#![allow(unreachable_pub, reason = "it is all for this program")]

#[path = "../support/mod.rs"]
mod support;

mod configuration;
mod connection;
mod dpop;
mod endpoints;
mod guards;
mod jose;
mod mutation;
mod pages;
mod runner;
mod text;
