//! The demo's accounts, clients and pages. Their passwords are public, so they are only made where nobody else can
//! reach them, or where the operator asks for them.

use super::server::StartError;
use crate::auth_server::accounts::{Accounts, DEMO as ACCOUNTS};
use crate::auth_server::clients;
use crate::auth_server::secret::ServerSecret;
use crate::random::Random;
use crate::resource_server::pages::DEMO as PAGES;
use crate::storage::Storage;
use crate::storage::pages::StoredPage;
use crate::wire::pages::PageSummary;

/// Makes what is missing. What people changed stays as it is.
pub(super) async fn fill(
    storage: &dyn Storage,
    accounts: &Accounts,
    secret: &ServerSecret,
    random: &Random,
    issuer: &str,
    now: i64,
) -> Result<(), StartError> {
    for (realm, username, password, role) in ACCOUNTS {
        // Looked up first, because hashing costs what it is meant to cost.
        if storage.account_by_name(realm, username).await?.is_none() {
            accounts.add(realm, username, password, role, random, now).await?;
        }
    }
    for client in clients::demo(issuer, secret) {
        client.store(storage, now).await?;
    }
    if storage.list_pages().await?.is_empty() {
        for (slug, title, body) in PAGES {
            let summary = PageSummary {
                slug: slug.to_owned(),
                title: title.to_owned(),
                version: 1,
                edited_by: "alice".to_owned(),
                edited_at: now,
            };
            storage.write_page(&StoredPage { summary, body: body.to_owned() }).await?;
        }
    }
    Ok(())
}
