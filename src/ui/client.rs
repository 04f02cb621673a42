//! The fetch that adds the key to each call.

#[cfg(feature = "hydrate")]
mod browser;
#[cfg(feature = "hydrate")]
pub(crate) mod fetch;

#[cfg(feature = "hydrate")]
pub use browser::{Answer, RecordingClient};

/// On the server no call goes out: bodies run directly.
#[cfg(not(feature = "hydrate"))]
pub type RecordingClient = server_fn::client::browser::BrowserClient;
