//! The same operations behind each key, as server functions usable from curl as they are.
//!
//! The guard runs before the function: authentication first, then authorization. Every function opens by asking for the
//! caller that its guard let through for this very operation, so one that no guard stands before answers nobody; that
//! also holds while pages are rendered on the server, which calls the bodies directly.

#![allow(
    missing_docs,
    reason = "the macro makes a structure of the arguments, whose fields it leaves without documentation"
)]

use crate::ui::client::RecordingClient;
use crate::wire::arguments::Checked;
use crate::wire::audit::AuditEvent;
use crate::wire::pages::{Page, PageSummary};
use crate::wire::problem::Problem;
#[cfg(feature = "ssr")]
use crate::wire::role::Operation;
use leptos::prelude::*;
use server_fn::codec::{DeleteUrl, GetUrl, PutJson};

#[cfg(feature = "ssr")]
use super::{audit, guards, pages};

/// Writes the six operations for one key.
macro_rules! guarded_by {
    ($key:ident, $prefix:literal) => {
        #[doc = concat!("The operations under `", $prefix, "`.")]
        pub mod $key {
            use super::*;

            /// The account that calls.
            ///
            /// # Errors
            /// 401 without valid credentials, 403 without the role or scope.
            #[server(prefix = $prefix, endpoint = "profile", protocol = Checked<GetUrl>, client = RecordingClient)]
            pub async fn profile() -> Result<crate::wire::pages::Profile, Problem> {
                let caller = guards::admitted(Operation::ViewProfile)?;
                Ok(caller.into_profile())
            }

            /// All pages without their bodies, by title.
            ///
            /// # Errors
            /// 401 without valid credentials, 403 without the role or scope.
            #[server(prefix = $prefix, endpoint = "pages", protocol = Checked<GetUrl>, client = RecordingClient)]
            pub async fn list_pages() -> Result<Vec<PageSummary>, Problem> {
                guards::admitted(Operation::ReadPages)?;
                pages::list().await
            }

            /// One page.
            ///
            /// # Errors
            /// 401 without valid credentials, 403 without the role or scope, 404 where there is no such page.
            #[server(prefix = $prefix, endpoint = "page", protocol = Checked<GetUrl>, client = RecordingClient)]
            pub async fn read_page(slug: String) -> Result<Page, Problem> {
                guards::admitted(Operation::ReadPages)?;
                pages::read(&slug).await
            }

            /// Creates a page (version 0) or changes the version that the caller has read.
            ///
            /// # Errors
            /// 400 for a field that breaks its rule, 401 without valid credentials, 403 without the role or scope,
            /// 409 when somebody else changed the page since.
            #[server(prefix = $prefix, endpoint = "page", protocol = Checked<PutJson>, client = RecordingClient)]
            pub async fn write_page(slug: String, title: String, body: String, version: i64) -> Result<Page, Problem> {
                let caller = guards::admitted(Operation::WritePage)?;
                pages::write(&caller, slug, title, body, version).await
            }

            /// Deletes a page in the version that the caller has read.
            ///
            /// # Errors
            /// 401 without valid credentials, 403 without the role or scope, 404 where there is no such page,
            /// 409 when somebody else changed it since.
            #[server(prefix = $prefix, endpoint = "page", protocol = Checked<DeleteUrl>, client = RecordingClient)]
            pub async fn delete_page(slug: String, version: i64) -> Result<(), Problem> {
                let caller = guards::admitted(Operation::DeletePage)?;
                pages::delete(&caller, &slug, version).await
            }

            /// The newest events of the audit log, newest first; `before` an event's `id` for those that came earlier.
            ///
            /// # Errors
            /// 400 for a limit outside 1 to 500, 401 without valid credentials, 403 without the role or scope.
            #[server(prefix = $prefix, endpoint = "audit", protocol = Checked<GetUrl>, client = RecordingClient)]
            pub async fn read_audit(
                #[server(default)] limit: Option<u32>,
                #[server(default)] before: Option<i64>,
            ) -> Result<Vec<AuditEvent>, Problem> {
                guards::admitted(Operation::ReadAudit)?;
                audit::newest(limit, before).await
            }
        }
    };
}

guarded_by!(basic, "/api/basic");
guarded_by!(jwt, "/api/jwt");
guarded_by!(oauth, "/api/oauth");

/// The operations under `/api/jwt_revocable`: the same token, but the revocation store is asked too.
pub mod jwt_revocable {
    use super::*;

    /// The account that calls, unless its token was revoked.
    ///
    /// # Errors
    /// 401 without a valid, unrevoked token.
    #[server(prefix = "/api/jwt_revocable", endpoint = "profile", protocol = Checked<GetUrl>, client = RecordingClient)]
    pub async fn profile() -> Result<crate::wire::pages::Profile, Problem> {
        let caller = guards::admitted(Operation::ViewProfile)?;
        Ok(caller.into_profile())
    }
}

/// The one operation under `/api/open`: no guard, the yardstick for what a guard costs.
pub mod open {
    use super::*;

    /// All pages without their bodies, for everyone.
    ///
    /// # Errors
    /// Only when storage fails.
    #[server(prefix = "/api/open", endpoint = "pages", protocol = Checked<GetUrl>, client = RecordingClient)]
    pub async fn list_pages() -> Result<Vec<PageSummary>, Problem> {
        pages::list().await
    }
}
