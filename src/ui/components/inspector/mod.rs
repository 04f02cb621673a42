//! The inspector's pieces: the decoder with its verification, and the encoder apart from it.

pub mod anatomy_view;
pub mod decoder;
pub mod encoder;
pub mod lesson;
pub mod made_view;
pub mod share;
pub mod verification;
