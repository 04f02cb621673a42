//! Grants, and the codes and refresh tokens that come of them. Single use is one conditional statement each.

use super::Stored;
use super::accounts::Account;
use async_trait::async_trait;

/// One authorization: what an account allowed a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Carried by every token that comes of the grant.
    pub id: String,
    /// The account that allowed.
    pub account_id: String,
    /// The client that was allowed.
    pub client_id: String,
    /// What was allowed.
    pub scope: String,
    /// When.
    pub created_at: i64,
    /// When a token was last made of it.
    pub last_used_at: i64,
    /// After this nothing of the grant is alive any more, and the row may go.
    pub expires_at: i64,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
}

/// A grant as the account sees it among its applications.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The client.
    pub client_id: String,
    /// All that living grants allow it.
    pub scopes: Vec<String>,
    /// When the first of them was given.
    pub granted_at: i64,
    /// When a token was last made of one.
    pub last_used_at: i64,
}

/// A code as stored.
#[derive(Debug, Clone)]
pub struct StoredCode {
    /// The grant it belongs to.
    pub grant_id: String,
    /// What it was made for, as a document of the authorization server's.
    pub document: String,
    /// When it ends.
    pub expires_at: i64,
    /// When it was redeemed.
    pub redeemed_at: Option<i64>,
    /// Whether its grant was revoked.
    pub is_revoked: bool,
    /// The account that allowed.
    pub account: Account,
}

/// A code to be added.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// SHA-256 of the code.
    pub code_hash: Vec<u8>,
    /// What it was made for.
    pub document: String,
    /// When it ends.
    pub expires_at: i64,
}

/// A refresh token as stored.
#[derive(Debug, Clone)]
pub struct StoredRefreshToken {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// The grant, which is the token's family.
    pub grant_id: String,
    /// What it was made for, as a document of the authorization server's.
    pub document: String,
    /// When it ends: the earlier of the idle and the final expiry.
    pub expires_at: i64,
    /// When it was exchanged for its successor.
    pub rotated_at: Option<i64>,
    /// SHA-256 of the successor.
    pub successor: Option<Vec<u8>>,
    /// The answer that carried the successor, sealed with a key that only this token gives.
    pub sealed_answer: Option<Vec<u8>>,
    /// Whether its grant was revoked.
    pub is_revoked: bool,
    /// The account that allowed.
    pub account: Account,
}

/// A refresh token to be added.
#[derive(Debug, Clone)]
pub struct NewRefreshToken {
    /// SHA-256 of the token.
    pub token_hash: Vec<u8>,
    /// The grant, which is the token's family.
    pub grant_id: String,
    /// What it was made for.
    pub document: String,
    /// When it ends.
    pub expires_at: i64,
}

/// Where grants and their tokens are kept.
#[async_trait]
pub trait Grants {
    /// Adds a grant together with its first code, if it starts with one.
    async fn add_grant(&self, grant: Grant, code: Option<NewCode>) -> Stored<()>;
    /// The grant with that id.
    async fn grant(&self, id: &str) -> Stored<Option<Grant>>;
    /// The code with that hash, redeemed or not, with what its redemption has to know.
    async fn code(&self, code_hash: &[u8]) -> Stored<Option<StoredCode>>;
    /// Redeems a code and adds the refresh token that comes of it, both or neither. Answers whether this call was
    /// the one that redeemed it: of many parallel calls exactly one is, and none when the grant is revoked.
    async fn redeem_code(&self, code_hash: &[u8], refresh: Option<NewRefreshToken>, now: i64) -> Stored<bool>;
    /// Adds the first refresh token of a grant that needs no code, such as a device's.
    async fn add_refresh_token(&self, token: NewRefreshToken) -> Stored<()>;
    /// The refresh token with that hash, rotated or not, with what its exchange has to know.
    async fn refresh_token(&self, token_hash: &[u8]) -> Stored<Option<StoredRefreshToken>>;
    /// Exchanges a refresh token for its successor and keeps the sealed answer, all or nothing. Answers whether this
    /// call was the one that did.
    async fn rotate_refresh_token(
        &self,
        token_hash: &[u8],
        successor: NewRefreshToken,
        sealed_answer: Vec<u8>,
        now: i64,
    ) -> Stored<bool>;
    /// Revokes a grant and enters it in the revocation feed until `feed_until`. Answers whether it was alive.
    async fn revoke_grant(&self, id: &str, now: i64, feed_until: i64) -> Stored<bool>;
    /// Revokes every living grant of the account to the client and forgets the consent. Answers their ids.
    async fn revoke_application(
        &self,
        account_id: &str,
        client_id: &str,
        now: i64,
        feed_until: i64,
    ) -> Stored<Vec<String>>;
    /// The clients that the account has living grants or consents for.
    async fn applications(&self, account_id: &str, now: i64) -> Stored<Vec<Application>>;
    /// The remembered consent of the account to the client: the scope it covers.
    async fn consent(&self, account_id: &str, client_id: &str) -> Stored<Option<String>>;
    /// Remembers the consent, replacing an older one.
    async fn put_consent(&self, account_id: &str, client_id: &str, scope: &str, now: i64) -> Stored<()>;
}
