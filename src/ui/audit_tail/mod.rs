//! The audit log as one person follows it: what has come, what is looked for, and when to look again.

pub mod filter;
pub mod source;
pub mod tail;
