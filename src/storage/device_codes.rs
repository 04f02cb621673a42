//! Device codes (RFC 8628): asked for by a device, decided by a person elsewhere.

use super::Stored;
use async_trait::async_trait;

/// What the person has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceState {
    /// Nothing yet.
    Pending,
    /// The device may have its tokens, once.
    Approved,
    /// The device may not.
    Denied,
}

/// A device code as stored.
#[derive(Debug, Clone)]
pub struct DeviceCode {
    /// SHA-256 of the device code.
    pub code_hash: Vec<u8>,
    /// The client that asked.
    pub client_id: String,
    /// What was asked, as a document of the authorization server's.
    pub document: String,
    /// The decision.
    pub state: DeviceState,
    /// The grant that came of an approval.
    pub grant_id: Option<String>,
    /// Seconds that the device must wait between two polls (RFC 8628 §3.2).
    pub interval: i64,
    /// When the device asked last.
    pub last_polled_at: i64,
    /// When the code ends.
    pub expires_at: i64,
}

/// Where device codes are kept.
#[async_trait]
pub trait DeviceCodes {
    /// Adds a code, unless another living one has the same user code. Answers whether it was added.
    async fn add_device_code(&self, code: &DeviceCode, user_code_hash: &[u8], now: i64) -> Stored<bool>;
    /// The code behind a user code.
    async fn device_code_by_user_code(&self, user_code_hash: &[u8]) -> Stored<Option<DeviceCode>>;
    /// Notes a poll: answers the code as it was before, and moves `last_polled_at` and the interval.
    async fn poll_device_code(&self, code_hash: &[u8], now: i64) -> Stored<Option<DeviceCode>>;
    /// Decides a pending code. Answers whether it was pending.
    async fn decide_device_code(&self, code_hash: &[u8], state: DeviceState, grant_id: Option<&str>) -> Stored<bool>;
    /// Takes an approved code away. Answers whether this call was the one that took it.
    async fn redeem_device_code(&self, code_hash: &[u8]) -> Stored<bool>;
}
