//! What to look for in the log.

use crate::ui::audit_tail::filter::Filter;
use leptos::prelude::*;

/// The fields; each change works at once.
#[component]
pub fn FilterForm(
    /// What is looked for.
    filter: RwSignal<Filter>,
    /// The actions that have been seen.
    #[prop(into)]
    actions: Signal<Vec<String>>,
) -> impl IntoView {
    view! {
        <fieldset class="filters">
            <legend>"Show only"</legend>
            <div class="field">
                <label for="filter-account">"Account"</label>
                <input id="filter-account" type="text" autocomplete="off" autocapitalize="none" spellcheck="false"
                    on:input:target=move |event| filter.update(|filter| filter.account = event.target().value())/>
            </div>
            <div class="field">
                <label for="filter-action">"Action"</label>
                <select id="filter-action" on:change:target=move |event| filter.update(|filter| filter.action = event.target().value())>
                    <option value="">"all"</option>
                    <For each=move || actions.get() key=Clone::clone let:action>
                        <option value=action.clone()>{action.clone()}</option>
                    </For>
                </select>
            </div>
            <ul class="choices">
                <li><label>
                    <input type="checkbox" on:change:target=move |event| filter.update(|filter| filter.refused = event.target().checked())/>
                    "What was refused"
                </label></li>
                <li><label>
                    <input type="checkbox" on:change:target=move |event| filter.update(|filter| filter.readings = event.target().checked())/>
                    "Also the readings of this log"
                </label></li>
            </ul>
        </fieldset>
    }
}
