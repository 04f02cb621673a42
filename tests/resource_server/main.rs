//! The resource server over HTTP: a module per door, one test per statement.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "../support/mod.rs"]
mod support;

mod api;
mod audit;
mod authorization_table;
mod basic;
mod csrf;
mod explanation;
mod jwt;
mod narrow;
mod oauth;
mod own_account;
mod pages;
mod registry;
mod remote_keys;
mod revocation;
mod wycheproof;
mod xss;
