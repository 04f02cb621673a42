//! The fetch that adds the key to each call.

/// On the server no call goes out: bodies run directly.
#[cfg(not(feature = "hydrate"))]
pub type RecordingClient = server_fn::client::browser::BrowserClient;
