//! The wiki's operations by key: the same calls, through another door.

use super::key::Key;
use crate::resource_server::wiki::{basic, jwt, oauth};
use crate::wire::pages::{Page, PageSummary, Profile};
use crate::wire::problem::Problem;

/// The account that the key belongs to.
///
/// # Errors
/// What the resource server says when it refuses; status 0 when it cannot be reached. The same holds for all below.
pub async fn profile(key: Key) -> Result<Profile, Problem> {
    match key {
        Key::Basic => basic::profile().await,
        Key::Jwt => jwt::profile().await,
        Key::Oauth => oauth::profile().await,
    }
}

/// All pages without their bodies.
///
/// # Errors
/// As [`profile`].
pub async fn list_pages(key: Key) -> Result<Vec<PageSummary>, Problem> {
    match key {
        Key::Basic => basic::list_pages().await,
        Key::Jwt => jwt::list_pages().await,
        Key::Oauth => oauth::list_pages().await,
    }
}

/// One page.
///
/// # Errors
/// As [`profile`].
pub async fn read_page(key: Key, slug: String) -> Result<Page, Problem> {
    match key {
        Key::Basic => basic::read_page(slug).await,
        Key::Jwt => jwt::read_page(slug).await,
        Key::Oauth => oauth::read_page(slug).await,
    }
}

/// Creates a page (version 0) or changes the version that was read.
///
/// # Errors
/// As [`profile`].
pub async fn write_page(key: Key, slug: String, title: String, body: String, version: i64) -> Result<Page, Problem> {
    match key {
        Key::Basic => basic::write_page(slug, title, body, version).await,
        Key::Jwt => jwt::write_page(slug, title, body, version).await,
        Key::Oauth => oauth::write_page(slug, title, body, version).await,
    }
}

/// Deletes a page in the version that was read.
///
/// # Errors
/// As [`profile`].
pub async fn delete_page(key: Key, slug: String, version: i64) -> Result<(), Problem> {
    match key {
        Key::Basic => basic::delete_page(slug, version).await,
        Key::Jwt => jwt::delete_page(slug, version).await,
        Key::Oauth => oauth::delete_page(slug, version).await,
    }
}
