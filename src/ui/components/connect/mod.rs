//! The pieces of the page for those who bring a client of their own.

pub mod clients_table;
pub mod endpoints_table;
pub mod snippet;
