//! The tail of the log: read once, then again and again while somebody looks.

use super::filter::Filter;
use super::source::Source;
use crate::wire::audit::AuditEvent;
use crate::wire::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How often it is read.
const EVERY: Duration = Duration::from_secs(2);
/// How many events one reading asks for.
const AT_ONCE: u32 = 200;
/// How many are kept; older ones can be loaded again.
const KEPT: usize = 2_000;

/// What has come, and how it is followed.
#[derive(Clone, Copy)]
pub struct Tail {
    /// The key in use.
    pub source: RwSignal<Option<Source>>,
    /// The events, newest first; `None` before the first answer.
    pub events: RwSignal<Option<Vec<AuditEvent>>>,
    /// What is shown of them.
    pub filter: RwSignal<Filter>,
    /// Why there is no answer.
    pub refusal: RwSignal<Option<Problem>>,
    /// Whether a person paused it.
    pub paused: RwSignal<bool>,
    /// Whether older events are there to load.
    pub has_earlier: RwSignal<bool>,
    /// What happened last, for those who cannot see it.
    pub said: RwSignal<String>,
    busy: RwSignal<bool>,
}

impl Tail {
    /// Nothing read yet.
    pub fn new() -> Self {
        Tail {
            source: RwSignal::new(None),
            events: RwSignal::new(None),
            filter: RwSignal::new(Filter::default()),
            refusal: RwSignal::new(None),
            paused: RwSignal::new(false),
            has_earlier: RwSignal::new(false),
            said: RwSignal::new(String::new()),
            busy: RwSignal::new(false),
        }
    }

    /// Begins anew with the first of the keys; where it is not allowed to read, the next one is tried.
    pub fn open(self, mut keys: Vec<Source>) {
        self.events.set(None);
        self.refusal.set(None);
        self.said.set(String::new());
        if keys.is_empty() {
            self.source.set(None);
            return;
        }
        let key = keys.remove(0);
        self.source.set(Some(key.clone()));
        self.busy.set(true);
        spawn_local(async move {
            let answer = key.read(AT_ONCE, None).await;
            if self.is_left() || !self.uses(&key) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(events) => {
                    self.has_earlier.set(events.len() == AT_ONCE as usize);
                    self.events.set(Some(events));
                }
                Err(problem) if matches!(problem.status, 401 | 403) && !keys.is_empty() => self.open(keys),
                Err(problem) => self.refusal.set(Some(problem)),
            }
        });
    }

    /// Reads again every other second while the page is seen; to be called in the browser.
    pub fn follow(self) {
        let Ok(ticking) = set_interval_with_handle(move || self.tick(), EVERY) else { return };
        let looking = window_event_listener_untyped("visibilitychange", move |_| self.tick());
        on_cleanup(move || {
            ticking.clear();
            looking.remove();
        });
    }

    fn tick(self) {
        let waits = self.paused.get_untracked()
            || self.busy.get_untracked()
            || document().hidden()
            || self.refusal.with_untracked(Option::is_some)
            || self.events.with_untracked(Option::is_none);
        if !waits {
            self.read(None);
        }
    }

    /// Loads what came before the oldest event that is there.
    pub fn load_earlier(self) {
        let oldest = self.events.with_untracked(|events| events.as_ref()?.last().map(|event| event.id));
        if oldest.is_some() && !self.busy.get_untracked() {
            self.read(oldest);
        }
    }

    fn read(self, before: Option<i64>) {
        let Some(key) = self.source.get_untracked() else { return };
        self.busy.set(true);
        spawn_local(async move {
            let answer = key.read(AT_ONCE, before).await;
            if self.is_left() || !self.uses(&key) {
                return;
            }
            self.busy.set(false);
            match (answer, before) {
                (Ok(events), None) => self.add_newer(events),
                (Ok(events), Some(_)) => {
                    self.has_earlier.set(events.len() == AT_ONCE as usize);
                    self.say(self.count(&events), "earlier");
                    self.events.update(|all| all.get_or_insert_default().extend(events));
                }
                (Err(problem), _) => self.refusal.set(Some(problem)),
            }
        });
    }

    fn add_newer(self, mut events: Vec<AuditEvent>) {
        let newest = self.events.with_untracked(|all| all.as_ref()?.first().map(|event| event.id)).unwrap_or(0);
        let all_are_newer = events.last().is_some_and(|event| event.id > newest + 1);
        events.retain(|event| event.id > newest);
        if events.is_empty() {
            return;
        }
        let count = self.count(&events);
        let mut is_cut = false;
        self.events.update(|all| {
            let all = all.get_or_insert_default();
            // More has come than one reading tells: what is kept would have a hole.
            if all_are_newer && events.len() == AT_ONCE as usize {
                all.clear();
                is_cut = true;
            }
            all.splice(0..0, events);
            is_cut |= all.len() > KEPT;
            all.truncate(KEPT);
        });
        if is_cut {
            self.has_earlier.set(true);
        }
        if count > 0 {
            self.say(count, "new");
        }
    }

    /// How many of them are shown.
    fn count(self, events: &[AuditEvent]) -> usize {
        self.filter.with_untracked(|filter| events.iter().filter(|event| filter.takes(event)).count())
    }

    fn say(self, count: usize, kind: &str) {
        let plural = if count == 1 { "" } else { "s" };
        self.said.set(format!("{count} {kind} event{plural}"));
    }

    /// Whether the page was left meanwhile.
    fn is_left(self) -> bool {
        self.busy.try_get_untracked().is_none()
    }

    /// Whether that is still the key in use.
    fn uses(self, key: &Source) -> bool {
        self.source.with_untracked(|source| source.as_ref() == Some(key))
    }
}

impl Default for Tail {
    fn default() -> Self {
        Self::new()
    }
}
