//! The wiki as one person sees it through one key: what is open, what was refused, and the calls behind each button.

use super::api;
use super::key::Key;
use crate::wire::pages::{Page, PageSummary, Profile};
use crate::wire::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::future::Future;

/// What stands beside the list of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// Nothing yet.
    Nothing,
    /// A page to read.
    Page(Page),
    /// A page being written; `from` is the page it changes, if it exists already.
    Draft {
        /// The page that is changed; `None` for a new one.
        from: Option<Page>,
    },
}

/// What a person has written into the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The page's name in URLs.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// The version it is based on; 0 creates.
    pub version: i64,
}

/// A refusal, with what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was asked, to finish the sentence "The server refused to …".
    pub asked: &'static str,
    /// What the server said.
    pub problem: Problem,
}

/// The state of the wiki for one key.
#[derive(Debug, Clone, Copy)]
pub struct Wiki {
    /// The key that every call carries.
    pub key: Key,
    /// Who the resource server says we are.
    pub profile: RwSignal<Option<Profile>>,
    /// The list of pages.
    pub pages: RwSignal<Option<Vec<PageSummary>>>,
    /// What stands beside the list.
    pub shown: RwSignal<Shown>,
    /// The last refusal, until the next success.
    pub refusal: RwSignal<Option<Refusal>>,
    /// What was done last, for people who cannot see it happen.
    pub status: RwSignal<String>,
    /// Whether a call is under way.
    pub busy: RwSignal<bool>,
}

impl Wiki {
    /// A wiki about which nothing is known yet.
    pub fn new(key: Key) -> Self {
        Wiki {
            key,
            profile: RwSignal::new(None),
            pages: RwSignal::new(None),
            shown: RwSignal::new(Shown::Nothing),
            refusal: RwSignal::new(None),
            status: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
        }
    }

    /// Asks who we are and which pages there are.
    pub fn load(self) {
        self.call("show the profile", api::profile(self.key), move |profile| {
            self.profile.set(Some(profile));
        });
        self.list();
    }

    /// Opens a page.
    pub fn read(self, slug: String) {
        self.call("show the page", api::read_page(self.key, slug), move |page| {
            self.status.set(format!("Opened “{}”.", page.summary.title));
            self.shown.set(Shown::Page(page));
        });
    }

    /// Opens the form for a new page.
    pub fn compose(self) {
        self.refusal.set(None);
        self.shown.set(Shown::Draft { from: None });
    }

    /// Opens the form for a page. It is not asked here whether the server will allow the change: the server decides.
    pub fn edit(self, page: Page) {
        self.refusal.set(None);
        self.shown.set(Shown::Draft { from: Some(page) });
    }

    /// Closes the form without saving.
    pub fn cancel(self) {
        self.refusal.set(None);
        self.shown.update(|shown| {
            *shown = match std::mem::replace(shown, Shown::Nothing) {
                Shown::Draft { from: Some(page) } => Shown::Page(page),
                _ => Shown::Nothing,
            };
        });
    }

    /// Saves what was written.
    pub fn save(self, draft: Draft) {
        let Draft { slug, title, body, version } = draft;
        let asked = if version == 0 { "create the page" } else { "change the page" };
        self.call(asked, api::write_page(self.key, slug, title, body, version), move |page| {
            self.status.set(format!("Saved “{}” as version {}.", page.summary.title, page.summary.version));
            self.shown.set(Shown::Page(page));
            self.list();
        });
    }

    /// Deletes the page in the version that is shown.
    pub fn delete(self, page: &PageSummary) {
        let title = page.title.clone();
        self.call("delete the page", api::delete_page(self.key, page.slug.clone(), page.version), move |()| {
            self.status.set(format!("Deleted “{title}”."));
            self.shown.set(Shown::Nothing);
            self.list();
        });
    }

    fn list(self) {
        self.call("list the pages", api::list_pages(self.key), move |pages| self.pages.set(Some(pages)));
    }

    /// One call: its success goes on, its refusal is shown. A page that was left meanwhile is not touched.
    fn call<T: 'static>(
        self,
        asked: &'static str,
        request: impl Future<Output = Result<T, Problem>> + 'static,
        succeed: impl FnOnce(T) + 'static,
    ) {
        self.busy.set(true);
        self.refusal.set(None);
        spawn_local(async move {
            let answer = request.await;
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(value) => succeed(value),
                Err(problem) => {
                    self.status.set(String::new());
                    self.refusal.set(Some(Refusal { asked, problem }));
                }
            }
        });
    }
}
