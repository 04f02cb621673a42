//! The measured times as bars.

use crate::ui::measurement::tally::{Tally, milliseconds, quantile};
use leptos::prelude::*;

/// A bar for each contender: dark to the median, light to the 95th percentile, a mark for every call.
#[component]
pub fn Chart(
    /// What was measured.
    tallies: Vec<Tally>,
) -> impl IntoView {
    let tallies: Vec<Tally> = tallies.into_iter().filter(|tally| tally.calls() > 0).collect();
    let longest = tallies.iter().map(|tally| quantile(&tally.latencies, 0.95)).fold(1.0, f64::max);
    // A thousand units are the whole width; whole numbers suffice.
    let place = move |time: f64| ((time / longest).min(1.0) * 1000.0) as u32;
    view! {
        <figure class="chart">
            <div role="img" aria-label="The times as bars; the table below has the numbers">
            {tallies
                .into_iter()
                .map(|tally| {
                    let (median, most) = (quantile(&tally.latencies, 0.5), quantile(&tally.latencies, 0.95));
                    let calls = tally.latencies.iter().map(|time| view! {
                        <rect class="call" x=place(*time).min(997) y="9" width="3" height="6"/>
                    });
                    view! {
                        <div class=format!("chart-row {}", tally.contender.class())>
                            <span>{tally.contender.name()}</span>
                            <svg viewBox="0 0 1000 24" preserveAspectRatio="none">
                                <rect class="most" x="0" y="2" width=place(most) height="20"/>
                                <rect class="median" x="0" y="2" width=place(median) height="20"/>
                                {calls.collect_view()}
                            </svg>
                            <span>{milliseconds(median)}" ms"</span>
                        </div>
                    }
                })
                .collect_view()}
            </div>
            <figcaption>"Dark: half of the calls were faster. Light: 95 of 100 were. Each mark is a call."</figcaption>
        </figure>
    }
}
