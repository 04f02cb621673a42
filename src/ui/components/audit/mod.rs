//! The pieces of the audit page.

pub mod auditor_form;
pub mod event_table;
pub mod filter_form;
pub mod signed_out;
