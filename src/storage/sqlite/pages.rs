//! Pages in SQLite. A version is checked and moved in the same statement.

use super::Sqlite;
use crate::storage::Stored;
use crate::storage::pages::{Changed, Pages, StoredPage};
use crate::wire::pages::PageSummary;
use async_trait::async_trait;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

fn summary(row: &SqliteRow) -> Stored<PageSummary> {
    Ok(PageSummary {
        slug: row.try_get(0)?,
        title: row.try_get(1)?,
        version: row.try_get(2)?,
        edited_by: row.try_get(3)?,
        edited_at: row.try_get(4)?,
    })
}

impl Sqlite {
    async fn unchanged_because(&self, slug: &str) -> Stored<Changed> {
        let known: Option<i64> = sqlx::query_scalar("SELECT version FROM pages WHERE slug = ?")
            .bind(slug)
            .fetch_optional(&self.writer)
            .await?;
        Ok(if known.is_some() { Changed::Stale } else { Changed::Missing })
    }
}

#[async_trait]
impl Pages for Sqlite {
    async fn list_pages(&self) -> Stored<Vec<PageSummary>> {
        sqlx::query("SELECT slug, title, version, edited_by, edited_at FROM pages ORDER BY title, slug")
            .fetch_all(&self.reader)
            .await?
            .iter()
            .map(summary)
            .collect()
    }

    async fn page(&self, slug: &str) -> Stored<Option<StoredPage>> {
        sqlx::query("SELECT slug, title, version, edited_by, edited_at, body FROM pages WHERE slug = ?")
            .bind(slug)
            .fetch_optional(&self.reader)
            .await?
            .map(|row| Ok(StoredPage { summary: summary(&row)?, body: row.try_get(5)? }))
            .transpose()
    }

    async fn write_page(&self, page: &StoredPage) -> Stored<Changed> {
        let summary = &page.summary;
        let statement = if summary.version == 1 {
            "INSERT INTO pages (slug, title, body, version, edited_by, edited_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (slug) DO NOTHING"
        } else {
            "UPDATE pages SET title = ?2, body = ?3, version = ?4, edited_by = ?5, edited_at = ?6
             WHERE slug = ?1 AND version = ?4 - 1"
        };
        let done = sqlx::query(statement)
            .bind(&summary.slug)
            .bind(&summary.title)
            .bind(&page.body)
            .bind(summary.version)
            .bind(&summary.edited_by)
            .bind(summary.edited_at)
            .execute(&self.writer)
            .await?;
        if done.rows_affected() == 1 { Ok(Changed::Done) } else { self.unchanged_because(&summary.slug).await }
    }

    async fn delete_page(&self, slug: &str, version: i64) -> Stored<Changed> {
        let done = sqlx::query("DELETE FROM pages WHERE slug = ? AND version = ?")
            .bind(slug)
            .bind(version)
            .execute(&self.writer)
            .await?;
        if done.rows_affected() == 1 { Ok(Changed::Done) } else { self.unchanged_because(slug).await }
    }
}
