//! The recorder: every exchange of this tab, in order, for people to look at.
//!
//! It lives in the page's memory. When the page is left, for the authorization server or for a reload, it is handed over
//! in session storage, and taken out of there again by the next page: nothing of it stays in the storage while a page is
//! open, and what a duplicated tab copies does not hold it.

pub mod curl;
mod exchange;
pub mod secrets;

pub use exchange::{Answer, Crossing, Exchange, Server};

use crate::ui::session::storage;
use leptos::prelude::*;
use std::cell::Cell;

const SLOT: &str = "three-keys.exchanges";
/// So many are kept; the oldest go first.
const MOST: usize = 80;
/// So many characters of a body are kept.
const LONGEST_BODY: usize = 8_000;

/// What was recorded, and what is shown of it.
#[derive(Debug, Clone, Copy)]
pub struct Recorder {
    /// The exchanges, oldest first.
    pub exchanges: RwSignal<Vec<Exchange>>,
    /// The exchange that is open.
    pub open: RwSignal<Option<u32>>,
    /// Whether secrets are shown.
    pub revealed: RwSignal<bool>,
    /// Whether the drawer is open, where the screen is narrow.
    pub drawer: RwSignal<bool>,
}

thread_local! {
    /// The tab's one recorder, for code that runs outside the reactive tree.
    static CURRENT: Cell<Option<Recorder>> = const { Cell::new(None) };
    /// Whether it has what the page before handed on.
    static HAS_TAKEN_OVER: Cell<bool> = const { Cell::new(false) };
}

impl Recorder {
    /// An empty recorder for everything below the calling component.
    pub fn provide() -> Self {
        let recorder = Recorder {
            exchanges: RwSignal::new(Vec::new()),
            open: RwSignal::new(None),
            revealed: RwSignal::new(false),
            drawer: RwSignal::new(false),
        };
        provide_context(recorder);
        #[cfg(feature = "hydrate")]
        CURRENT.set(Some(recorder));
        recorder
    }

    /// Forgets all.
    pub fn clear(self) {
        self.open.set(None);
        self.exchanges.set(Vec::new());
    }

    /// Takes over what the page before handed on, and hands on in turn.
    fn take_over(self) {
        if HAS_TAKEN_OVER.replace(true) {
            return;
        }
        let before: Vec<Exchange> = storage::read(SLOT).unwrap_or_default();
        storage::remove(SLOT);
        self.exchanges.update(|exchanges| {
            exchanges.splice(0..0, before);
        });
        // The listeners live as long as the page.
        window_event_listener_untyped("pagehide", move |_| {
            self.exchanges.with_untracked(|exchanges| {
                if !exchanges.is_empty() {
                    storage::write(SLOT, exchanges);
                }
            });
        });
        // A page that the browser kept and shows again has all of it in its memory still.
        window_event_listener_untyped("pageshow", |_| storage::remove(SLOT));
    }

    /// Opens an exchange, and the drawer with it.
    pub fn show(self, id: u32) {
        self.open.set(Some(id));
        self.drawer.set(true);
    }
}

/// The tab's recorder, with what the page before handed on.
fn current() -> Option<Recorder> {
    let recorder = CURRENT.get()?;
    recorder.take_over();
    Some(recorder)
}

/// Shows what the page before handed on, where nothing else asks for it.
#[cfg(feature = "hydrate")]
pub(super) fn restore() {
    current();
}

/// Notes a request that is sent now; gives the number by which its answer is noted.
pub fn asked(crossing: Crossing, method: &str, url: &str, headers: Vec<(String, String)>, body: &str) -> u32 {
    let Some(recorder) = current() else { return 0 };
    let mut id = 0;
    recorder.exchanges.update(|exchanges| {
        id = exchanges.last().map_or(1, |last| last.id + 1);
        // The audit log is asked every other second: the newest answer is enough, and leaves room for the others.
        if method == "GET" && url.contains("/audit?") && exchanges.last().is_some_and(|last| last.url == url) {
            exchanges.pop();
        }
        let overflow = (exchanges.len() + 1).saturating_sub(MOST);
        exchanges.drain(..overflow);
        exchanges.push(Exchange {
            id,
            crossing,
            method: method.to_owned(),
            url: url.to_owned(),
            headers,
            body: shortened(body),
            answer: None,
            milliseconds: None,
            failed: false,
            is_struck: false,
        });
    });
    id
}

/// Notes the answer to a request and how long it took; `None` where none came.
pub fn answered(id: u32, answer: Option<Answer>, milliseconds: f64) {
    let Some(recorder) = current() else { return };
    recorder.exchanges.update(|exchanges| {
        if let Some(exchange) = exchanges.iter_mut().find(|exchange| exchange.id == id) {
            exchange.failed = answer.is_none();
            exchange.answer = answer.map(|answer| Answer { body: shortened(&answer.body), ..answer });
            exchange.milliseconds = Some(milliseconds);
        }
    });
}

/// Notes that the browser was sent back to this page: the end of the last crossing over the front channel.
pub fn came_back(url: &str) {
    let Some(recorder) = current() else { return };
    recorder.exchanges.update(|exchanges| {
        let left = exchanges.iter_mut().rev().find(|exchange| exchange.crossing == Crossing::Navigation);
        if let Some(exchange) = left.filter(|exchange| exchange.answer.is_none()) {
            // Scripts never see the status of a redirect that the browser follows.
            let headers = vec![("location".to_owned(), url.to_owned())];
            exchange.answer = Some(Answer { status: None, headers, body: String::new() });
        }
    });
}

/// Strikes every secret out of what was recorded: signing out forgets.
pub fn forget_secrets() {
    storage::remove(SLOT);
    let Some(recorder) = current() else { return };
    recorder.exchanges.update(|exchanges| exchanges.iter_mut().for_each(Exchange::forget_secrets));
}

fn shortened(body: &str) -> String {
    match body.char_indices().nth(LONGEST_BODY) {
        Some((end, _)) => format!("{} … ({} bytes in all)", &body[..end], body.len()),
        None => body.to_owned(),
    }
}
