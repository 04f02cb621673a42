//! What the rules look at.

use crate::auth_server::clients::Client;
use crate::auth_server::parameters::Parameters;
use crate::storage::device_codes::DeviceCode;
use crate::wire::scope::Scope;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An authorization request with the client that it names.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The request's parameters.
    pub parameters: Parameters,
    /// The client of `client_id`.
    pub client: Arc<Client>,
    /// Whether the client pushed the request (RFC 9126).
    pub pushed: bool,
    /// The identifiers of the resources that tokens can be made for (RFC 8707).
    pub resources: Vec<String>,
}

/// What a code was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeDocument {
    /// The client that asked.
    pub client_id: String,
    /// The account that allowed.
    pub account_id: String,
    /// The redirect URI as it stood in the request.
    pub redirect_uri: String,
    /// What was allowed.
    pub scope: Scope,
    /// The PKCE challenge, by S256.
    pub code_challenge: Option<String>,
    /// The nonce for the ID token.
    pub nonce: Option<String>,
    /// The resource that was asked for.
    pub resource: Option<String>,
    /// When the account showed its password.
    pub auth_time: i64,
    /// The session at the authorization server.
    pub sid: Option<String>,
    /// The DPoP key that the code is bound to (RFC 9449 §10).
    pub dpop_jkt: Option<String>,
}

/// A request to exchange a code, with the code that it names.
#[derive(Debug, Clone)]
pub struct CodeRedemption {
    /// The client that asks, authenticated.
    pub client: Arc<Client>,
    /// What the code was made for.
    pub code: CodeDocument,
    /// When the code ends.
    pub expires_at: i64,
    /// Whether its grant was revoked.
    pub revoked: bool,
    /// The redirect URI in the token request.
    pub redirect_uri: Option<String>,
    /// The verifier in the token request.
    pub code_verifier: Option<String>,
    /// The key that signed the DPoP proof, if there was one.
    pub dpop_jkt: Option<String>,
    /// The present time.
    pub now: i64,
}

/// What a refresh token was made for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshDocument {
    /// The client it is bound to.
    pub client_id: String,
    /// The account that allowed.
    pub account_id: String,
    /// All that may be asked for with it.
    pub scope: Scope,
    /// The resource that its access tokens are for.
    pub resource: Option<String>,
    /// When the account showed its password.
    pub auth_time: i64,
    /// The session at the authorization server.
    pub sid: Option<String>,
    /// The DPoP key it is bound to, for public clients (RFC 9449 §5).
    pub dpop_jkt: Option<String>,
    /// When the family ends, however often it is rotated.
    pub family_expires_at: i64,
}

/// A request to exchange a refresh token, with the token that it names.
#[derive(Debug, Clone)]
pub struct Refresh {
    /// The client that asks, authenticated.
    pub client: Arc<Client>,
    /// What the token was made for.
    pub token: RefreshDocument,
    /// When the token ends.
    pub expires_at: i64,
    /// Whether its family was revoked.
    pub revoked: bool,
    /// The scope in the request, unparsed.
    pub scope: Option<String>,
    /// The resource in the request.
    pub resource: Option<String>,
    /// The key that signed the DPoP proof, if there was one.
    pub dpop_jkt: Option<String>,
    /// The present time.
    pub now: i64,
}

/// A client that asks for a token of its own.
#[derive(Debug, Clone)]
pub struct OwnBehalf {
    /// The client, authenticated.
    pub client: Arc<Client>,
    /// The scope, unparsed.
    pub scope: String,
    /// The key that signed the DPoP proof, if there was one.
    pub dpop_jkt: Option<String>,
}

/// A device that polls, with the code as it was before this poll.
#[derive(Debug, Clone)]
pub struct DevicePoll {
    /// The client that polls.
    pub client: Arc<Client>,
    /// The code.
    pub code: DeviceCode,
    /// The key that signed the DPoP proof, if there was one.
    pub dpop_jkt: Option<String>,
    /// The present time.
    pub now: i64,
}
