//! The pieces of the comparison: what was measured, and what no measurement tells.

pub mod chart;
pub mod key_table;
pub mod measure_form;
pub mod readable;
pub mod result_table;
pub mod storage_table;
