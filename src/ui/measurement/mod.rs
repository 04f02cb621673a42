//! What each key costs, measured in this browser: the same call under each, one after the other, round by round.

pub mod contender;
pub mod run;
pub mod tally;
