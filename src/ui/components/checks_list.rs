//! What a server has checked, in its order.

use crate::wire::trace::{CheckTrace, Outcome};
use leptos::prelude::*;

/// The checks, each with its outcome, its source and its time.
#[component]
pub fn ChecksList(
    /// The checks in the server's order.
    checks: Vec<CheckTrace>,
) -> impl IntoView {
    let item = |check: CheckTrace| {
        let (class, sign, words) = match check.outcome {
            Outcome::Passed => ("passed", "✓", "passed"),
            Outcome::Remembered => ("passed", "✓", "remembered"),
            Outcome::Refused => ("refused", "✗", "refused"),
            Outcome::NotReached => ("not-reached", "·", "not reached"),
        };
        let took = (check.outcome != Outcome::NotReached).then(|| format!("{:.1} µs", check.microseconds));
        view! {
            <li class=class>
                <span class="check-sign" aria-hidden="true">{sign}</span>
                <code>{check.check.clone()}</code>
                <span class="check-outcome">{words}</span>
                <a href=check.link() rel="external noreferrer" target="_blank">{check.source()}</a>
                <span class="check-time">{took}</span>
            </li>
        }
    };
    view! { <ol class="checks">{checks.into_iter().map(item).collect_view()}</ol> }
}
