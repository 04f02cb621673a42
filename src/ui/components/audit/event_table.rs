//! The events, newest first.

use crate::ui::dates;
use crate::wire::audit::AuditEvent;
use leptos::prelude::*;

const COLUMNS: [&str; 8] = ["When", "Account", "Through", "Key", "Action", "Outcome", "Address", "Request"];

/// A row for each event.
#[component]
pub fn EventTable(
    /// The events to show.
    #[prop(into)]
    events: Signal<Vec<AuditEvent>>,
) -> impl IntoView {
    view! {
        <div class="table-frame" role="region" aria-labelledby="events-caption" tabindex="0">
            <table class="plain-table events">
                <caption id="events-caption">"Events, newest first"</caption>
                <thead>
                    <tr>{COLUMNS.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                </thead>
                <tbody>
                    <For each=move || events.get() key=|event| event.id let:event>
                        <Row event/>
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// One event.
#[component]
fn Row(event: AuditEvent) -> impl IntoView {
    let AuditEvent { at, account, client_id, key, action, outcome, rule, request_id, address, times, .. } = event;
    let or_dash = |text: String| if text.is_empty() { "–".to_owned() } else { text };
    let is_refused = outcome == "refused";
    view! {
        <tr class=is_refused.then_some("refused")>
            <td><time datetime=dates::machine(at)>{dates::in_words(at)}</time></td>
            <td>{or_dash(account)}</td>
            <td>{or_dash(client_id)}</td>
            <td>{key}</td>
            <th scope="row"><code>{action}</code></th>
            <td>
                <span class="outcome">{outcome}</span>
                {(!rule.is_empty()).then(|| view! { " by "<code>{rule}</code> })}
                {(times > 1).then(|| format!(", {times} times"))}
            </td>
            <td>{or_dash(address)}</td>
            <td><code>{or_dash(request_id)}</code></td>
        </tr>
    }
}
