//! How often to call, and the button that starts.

use crate::ui::measurement::run::{MAX_ROUNDS, Measurement};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The form, with a way to stop.
#[component]
pub fn MeasureForm(
    /// The measurement that it starts.
    measurement: Measurement,
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// Starts it.
    on_start: Callback<()>,
) -> impl IntoView {
    let running = Memo::new(move |_| measurement.done.with(Option::is_some));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_start.run(());
    };
    // Not each round is announced: only that it began and that it ended.
    let said = move || match (running.get(), measurement.tallies.with(Vec::is_empty)) {
        (true, _) => "Measuring …",
        (false, true) => "Nothing measured yet.",
        (false, false) => "Measured. The numbers are below.",
    };
    view! {
        <form class="measure-form" on:submit=submit aria-busy=move || running.get().to_string()>
            <fieldset disabled=move || !ready.get()>
                <legend class="visually-hidden">"The measurement"</legend>
                <div class="field">
                    <label for="rounds">"Rounds"</label>
                    <input id="rounds" type="number" min="1" max=MAX_ROUNDS value="20" required inputmode="numeric"
                        aria-describedby="rounds-hint"
                        on:input:target=move |event| {
                            if let Ok(rounds) = event.target().value().parse::<u32>() {
                                measurement.rounds.set(rounds.clamp(1, MAX_ROUNDS));
                            }
                        }/>
                    <p class="hint" id="rounds-hint">"1 to 200. In each round every door is called once, one after the other."</p>
                </div>
                <p class="actions">
                    <button type="submit" class="button strong" disabled=move || running.get()>"Measure"</button>
                    <button type="button" class="button quiet" disabled=move || !running.get() on:click=move |_| measurement.stop()>"Stop"</button>
                    <span class="hint" role="status">{said}</span>
                    {move || measurement.done.get().map(|done| view! {
                        <progress aria-label="Rounds done" max=measurement.rounds.get_untracked() value=done></progress>
                    })}
                </p>
            </fieldset>
            <noscript>"Measuring needs JavaScript: it is your browser that makes the calls. The tables below need none."</noscript>
        </form>
    }
}
