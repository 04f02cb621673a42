//! What the inspector finds out about a token: what it says, what is wrong with it, and whether a key has signed it.

pub mod anatomy;
pub mod bench;
pub mod encoding;
pub mod key_choice;
pub mod verdict;
pub mod warnings;
