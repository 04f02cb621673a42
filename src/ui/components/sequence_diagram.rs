//! The exchanges as a sequence diagram: who spoke to whom, from top to bottom.

use super::exchange_item::outcome;
use crate::ui::recorder::{Crossing, Exchange, Recorder, Server};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// The lanes: name in two lines, and place.
const LANES: [(&str, &str, u32); 3] =
    [("Browser", "UI", 58), ("Authorization", "server", 210), ("Resource", "server", 362)];
const WIDTH: u32 = 420;
/// Where the first exchange begins, and how much room each takes.
const TOP: usize = 76;
const EACH: usize = 56;
/// So many characters of a label fit between the first lane and the second, and the third.
const FITS: [usize; 2] = [19, 40];

/// The diagram. Each arrow opens its exchange in the list, which says the same in words.
#[component]
pub fn SequenceDiagram(
    /// What was recorded.
    recorder: Recorder,
    /// Shows the list.
    on_open: Callback<u32>,
) -> impl IntoView {
    let count = Memo::new(move |_| recorder.exchanges.with(Vec::len));
    let height = move || TOP + count.get() * EACH + 8;
    view! {
        <svg
            class="sequence"
            viewBox=move || format!("0 0 {WIDTH} {}", height())
            role="group"
            aria-label="Sequence diagram of the exchanges; each can be opened"
        >
            {LANES
                .map(|(first, second, x)| view! {
                    <line class="lane" x1=x x2=x y1="46" y2=height></line>
                    <rect class="lane-head" x=x - 56 y="4" width="112" height="42" rx="6"></rect>
                    <text class="lane-name" x=x y="22">{first}</text>
                    <text class="lane-name" x=x y="38">{second}</text>
                })
                .collect_view()}
            {move || {
                recorder
                    .exchanges
                    .get()
                    .into_iter()
                    .enumerate()
                    .map(|(place, exchange)| view! { <Arrows exchange y=TOP + place * EACH on_open/> })
                    .collect_view()
            }}
        </svg>
    }
}

/// The arrow there, and the arrow back.
#[component]
fn Arrows(
    /// The exchange.
    exchange: Exchange,
    /// Where it begins.
    y: usize,
    /// Opens it.
    on_open: Callback<u32>,
) -> impl IntoView {
    let id = exchange.id;
    let from = LANES[0].2;
    let (to, fits) = match exchange.server() {
        Server::Authorization => (LANES[1].2, FITS[0]),
        Server::Resource => (LANES[2].2, FITS[1]),
    };
    let (class, status) = outcome(&exchange);
    let what = format!("{} {}", exchange.method, exchange.path());
    let label = match what.char_indices().nth(fits) {
        Some((end, _)) => format!("{}…", &what[..end]),
        None => what,
    };
    let front = if exchange.crossing == Crossing::Navigation { "front" } else { "" };
    let press = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            on_open.run(id);
        }
    };
    let (back, head) = (y + 22, to - 7);
    view! {
        <g class=format!("arrows {front}") role="button" tabindex="0" on:click=move |_| on_open.run(id) on:keydown=press>
            <rect class="arrows-area" x="4" y=y - 16 width=WIDTH - 8 height=EACH - 6 rx="4"></rect>
            <text class="arrow-label" x=from + 8 y=y - 4>{label}</text>
            <path class="arrow" d=format!("M{from} {y}H{to}M{head} {}L{to} {y}L{head} {}", y - 4, y + 4)></path>
            <text class=format!("arrow-label status {class}") x=to - 8 y=back - 4>{status}</text>
            <path class=format!("arrow back {class}") d=format!("M{to} {back}H{from}M{} {}L{from} {back}L{} {}", from + 7, back - 4, from + 7, back + 4)></path>
        </g>
    }
}
