//! What crosses the wire, seen by both halves: plain data with its parsing, no I/O.

pub mod arguments;
pub mod audit;
pub mod base64url;
pub mod claims;
pub mod guest;
pub mod jwt;
pub mod pages;
pub mod problem;
pub mod role;
pub mod scope;
pub mod sign_in;
pub mod trace;
