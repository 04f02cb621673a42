//! The pieces pages are made of. They take what they show as properties and make no calls.

pub mod balance;
pub mod comparison;
pub mod exchange;
pub mod footer;
pub mod header;
pub mod header_inspector;
pub mod key_heading;
pub mod motif;
pub mod page_article;
pub mod page_form;
pub mod page_list;
pub mod people;
pub mod profile_line;
pub mod refusal;
pub mod reveal;
pub mod scope_form;
pub mod sign_in_form;
pub mod sign_out;
pub mod token_inspector;
pub mod trio;
pub mod wiki_region;
