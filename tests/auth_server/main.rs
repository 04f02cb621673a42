//! The authorization server over HTTP: a module per endpoint or subject, one test per statement of the checklist.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod authorize;
mod client_authentication;
mod consent;
mod device;
mod dpop;
mod explanation;
mod introspect;
mod logout;
mod malformed;
mod metadata;
mod par;
mod parallel;
mod pkce;
mod refresh;
mod register;
mod revoke;
mod secrets;
mod sign_in;
mod token;
mod tokens_and_keys;
