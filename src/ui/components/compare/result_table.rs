//! The measured numbers.

use crate::ui::key::Key;
use crate::ui::measurement::contender::Contender;
use crate::ui::measurement::tally::{Obstacle, Tally, microseconds, milliseconds, quantile};
use leptos::prelude::*;

const COLUMNS: [&str; 9] = [
    "Door",
    "Request head",
    "Answer",
    "Median",
    "95 of 100 within",
    "Slowest",
    "The guard itself",
    "Checks",
    "Store reads",
];

/// A row for each contender.
#[component]
pub fn ResultTable(
    /// What was measured.
    tallies: Vec<Tally>,
) -> impl IntoView {
    view! {
        <div class="table-frame" role="region" aria-labelledby="measured-caption" tabindex="0">
            <table class="plain-table measured">
                <caption id="measured-caption">"Measured here and now"</caption>
                <thead>
                    <tr>{COLUMNS.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{tallies.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn row(tally: Tally) -> impl IntoView {
    let class = tally.contender.class();
    view! {
        <tr>
            <th scope="row" class=class>{tally.contender.name()}<code>{tally.contender.path()}</code></th>
            {if tally.calls() == 0 { obstacle(tally).into_any() } else { numbers(tally).into_any() }}
        </tr>
    }
}

fn obstacle(tally: Tally) -> impl IntoView {
    let width = COLUMNS.len() - 1;
    let words = match tally.obstacle {
        Some(Obstacle::NoKey) => view! {
            "This tab holds no access token. "
            <a href=Key::Oauth.path()>"Sign in with OAuth"</a>
            ", come back, and measure again."
        }
        .into_any(),
        Some(Obstacle::Refused(problem)) => view! { {format!("{}: {}", problem.status, problem.detail)} }.into_any(),
        None => "Not measured.".into_any(),
    };
    view! { <td colspan=width>{words}</td> }
}

fn numbers(tally: Tally) -> impl IntoView {
    let time = |part: f64| format!("{} ms", milliseconds(quantile(&tally.latencies, part)));
    let guard = if tally.guards.is_empty() {
        "none".to_owned()
    } else {
        format!("{} µs", microseconds(quantile(&tally.guards, 0.5)))
    };
    let (checks, reads) = if tally.explained {
        (
            format!("{} run, {} remembered", tally.run, tally.remembered),
            format!("{} in {} calls", tally.reads, tally.calls()),
        )
    } else if tally.contender == Contender::Open {
        ("none".to_owned(), "0".to_owned())
    } else {
        ("not told".to_owned(), "not told".to_owned())
    };
    let stopped = tally.obstacle.as_ref().map(|_| format!(" (refused after {} calls)", tally.calls()));
    view! {
        <td>{format!("{} B", tally.request)}</td>
        <td>{format!("{} + {} B", tally.answer_head, tally.answer_body)}</td>
        <td>{time(0.5)}{stopped}</td>
        <td>{time(0.95)}</td>
        <td>{time(1.0)}</td>
        <td>{guard}</td>
        <td>{checks}</td>
        <td>{reads}</td>
    }
}
