//! The wiki's pages.

use super::Stored;
use crate::wire::pages::PageSummary;
use async_trait::async_trait;

/// What became of a change that named the version it was based on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It was made.
    Done,
    /// The page has another version by now, or exists already.
    Stale,
    /// There is no such page.
    Missing,
}

/// A page as it is kept: its source alone, for what is shown of it follows the rules of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPage {
    /// All but the body.
    pub summary: PageSummary,
    /// The text as written.
    pub body: String,
}

/// Where pages are kept.
#[async_trait]
pub trait Pages {
    /// All pages without their bodies, by title.
    async fn list_pages(&self) -> Stored<Vec<PageSummary>>;
    /// The page with that slug.
    async fn page(&self, slug: &str) -> Stored<Option<StoredPage>>;
    /// Creates the page (when its version is 1) or changes version − 1 into it.
    async fn write_page(&self, page: &StoredPage) -> Stored<Changed>;
    /// Deletes the page if it still has that version.
    async fn delete_page(&self, slug: &str, version: i64) -> Stored<Changed>;
}
