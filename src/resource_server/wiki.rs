//! The same operations behind each key, as server functions usable from curl as they are.
//!
//! Every function opens with its guard: authentication first, then authorization, then the work.
//! Guards are called here and are no middleware, because rendering on the server calls the bodies directly.

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

/// Writes the six operations for one key. The guard is a function `async fn(Operation) -> Result<Caller, Problem>`.
macro_rules! guarded_by {
    ($key:ident, $prefix:literal, $guard:path) => {
        #[doc = concat!("The operations under `", $prefix, "`.")]
        pub mod $key {
            use super::*;

            /// The account that calls.
            ///
            /// # Errors
            /// 401 without valid credentials, 403 without the role or scope.
            #[server(prefix = $prefix, endpoint = "profile", protocol = Checked<GetUrl>, client = RecordingClient)]
            pub async fn profile() -> Result<crate::wire::pages::Profile, Problem> {
                let caller = $guard(Operation::ViewProfile).await?;
                Ok(caller.into_profile())
            }

            /// All pages without their bodies, by title.
            ///
            /// # Errors
            /// 401 without valid credentials, 403 without the role or scope.
            #[server(prefix = $prefix, endpoint = "pages", protocol = Checked<GetUrl>, client = RecordingClient)]
            pub async fn list_pages() -> Result<Vec<PageSummary>, Problem> {
                $guard(Operation::ReadPages).await?;
                pages::list().await
            }

            /// One page.
            ///
            /// # Errors
            /// 401 without valid credentials, 403 without the role or scope, 404 where there is no such page.
            #[server(prefix = $prefix, endpoint = "page", protocol = Checked<GetUrl>, client = RecordingClient)]
            pub async fn read_page(slug: String) -> Result<Page, Problem> {
                $guard(Operation::ReadPages).await?;
                pages::read(&slug).await
            }

            /// Creates a page (version 0) or changes the version that the caller has read.
            ///
            /// # Errors
            /// 400 for a field that breaks its rule, 401 without valid credentials, 403 without the role or scope,
            /// 409 when somebody else changed the page since.
            #[server(prefix = $prefix, endpoint = "page", protocol = Checked<PutJson>, client = RecordingClient)]
            pub async fn write_page(slug: String, title: String, body: String, version: i64) -> Result<Page, Problem> {
                let caller = $guard(Operation::WritePage).await?;
                pages::write(&caller, slug, title, body, version).await
            }

            /// Deletes a page in the version that the caller has read.
            ///
            /// # Errors
            /// 401 without valid credentials, 403 without the role or scope, 404 where there is no such page,
            /// 409 when somebody else changed it since.
            #[server(prefix = $prefix, endpoint = "page", protocol = Checked<DeleteUrl>, client = RecordingClient)]
            pub async fn delete_page(slug: String, version: i64) -> Result<(), Problem> {
                let caller = $guard(Operation::DeletePage).await?;
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
                $guard(Operation::ReadAudit).await?;
                audit::newest(limit, before).await
            }
        }
    };
}

guarded_by!(basic, "/api/basic", guards::basic::admit);
guarded_by!(jwt, "/api/jwt", guards::jwt::admit);
guarded_by!(oauth, "/api/oauth", guards::oauth::admit);

/// The operations under `/api/jwt_revocable`: the same token, but the revocation store is asked too.
pub mod jwt_revocable {
    use super::*;

    /// The account that calls, unless its token was revoked.
    ///
    /// # Errors
    /// 401 without a valid, unrevoked token.
    #[server(prefix = "/api/jwt_revocable", endpoint = "profile", protocol = Checked<GetUrl>, client = RecordingClient)]
    pub async fn profile() -> Result<crate::wire::pages::Profile, Problem> {
        let caller = guards::jwt::admit_unless_revoked(Operation::ViewProfile).await?;
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
