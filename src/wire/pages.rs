//! The wiki's pages, and the account that looks at them.

use super::role::Role;
use serde::{Deserialize, Serialize};

/// Longest `slug` in bytes.
pub const MAX_SLUG: usize = 64;
/// Longest `title` in bytes.
pub const MAX_TITLE: usize = 120;
/// Longest `body` in bytes.
pub const MAX_BODY: usize = 32 * 1024;

/// A page without its body, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSummary {
    /// The page's name in URLs: lower-case ASCII letters, digits and single hyphens.
    pub slug: String,
    /// The title people read.
    pub title: String,
    /// Counts the changes, from 1. A change names the version it is based on.
    pub version: i64,
    /// Who changed it last.
    pub edited_by: String,
    /// When it was changed last, in seconds since 1970-01-01 UTC.
    pub edited_at: i64,
}

/// A whole page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// All but the body.
    #[serde(flatten)]
    pub summary: PageSummary,
    /// The text as it was written: Markdown.
    pub body: String,
    /// The text as it is shown: HTML without anything that runs, made by the server at each reading.
    pub html: String,
}

/// The signed-in account, as the resource server knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The account's name.
    pub username: String,
    /// What it may do.
    pub role: Role,
    /// With which key it came: `basic`, `jwt` or `oauth`.
    pub key: String,
    /// The scope of the access token; absent for Basic and JWT, which know no scope.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The client application that acts for the account; absent for Basic and JWT, which know none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
}
