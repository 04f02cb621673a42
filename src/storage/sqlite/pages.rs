//! Pages in SQLite. A version is checked and moved in the same statement.

use super::{Sqlite, execute};
use crate::storage::Stored;
use crate::storage::pages::{Changed, Pages, StoredPage};
use crate::wire::pages::PageSummary;
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

fn summary(row: &Row<'_>) -> rusqlite::Result<PageSummary> {
    Ok(PageSummary {
        slug: row.get(0)?,
        title: row.get(1)?,
        version: row.get(2)?,
        edited_by: row.get(3)?,
        edited_at: row.get(4)?,
    })
}

fn unchanged_because(connection: &Connection, slug: &str) -> Stored<Changed> {
    let is_known = connection.prepare_cached("SELECT 1 FROM pages WHERE slug = ?")?.exists([slug])?;
    Ok(if is_known { Changed::Stale } else { Changed::Missing })
}

#[async_trait]
impl Pages for Sqlite {
    async fn list_pages(&self) -> Stored<Vec<PageSummary>> {
        self.read(|connection| {
            let mut query = connection
                .prepare_cached("SELECT slug, title, version, edited_by, edited_at FROM pages ORDER BY title, slug")?;
            Ok(query.query_map([], summary)?.collect::<Result<_, _>>()?)
        })
    }

    async fn page(&self, slug: &str) -> Stored<Option<StoredPage>> {
        self.read(|connection| {
            let mut query = connection
                .prepare_cached("SELECT slug, title, version, edited_by, edited_at, body FROM pages WHERE slug = ?")?;
            let found = query.query_row([slug], |row| Ok(StoredPage { summary: summary(row)?, body: row.get(5)? }));
            Ok(found.optional()?)
        })
    }

    async fn write_page(&self, page: &StoredPage) -> Stored<Changed> {
        let StoredPage { summary, body } = page.clone();
        let statement = if summary.version == 1 {
            "INSERT INTO pages (slug, title, body, version, edited_by, edited_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (slug) DO NOTHING"
        } else {
            "UPDATE pages SET title = ?2, body = ?3, version = ?4, edited_by = ?5, edited_at = ?6
             WHERE slug = ?1 AND version = ?4 - 1"
        };
        self.write(move |connection| {
            let PageSummary { slug, title, version, edited_by, edited_at } = &summary;
            let changed = execute(connection, statement, params![slug, title, body, version, edited_by, edited_at])?;
            if changed == 1 { Ok(Changed::Done) } else { unchanged_because(connection, slug) }
        })
        .await
    }

    async fn delete_page(&self, slug: &str, version: i64) -> Stored<Changed> {
        let slug = slug.to_owned();
        self.write(move |connection| {
            let removed =
                execute(connection, "DELETE FROM pages WHERE slug = ? AND version = ?", params![slug, version])?;
            if removed == 1 { Ok(Changed::Done) } else { unchanged_because(connection, &slug) }
        })
        .await
    }
}
