//! The endpoints: as the server is built, and as its metadata says.

use crate::ui::discovery::{ENDPOINTS, Endpoint, Found};
use leptos::prelude::*;

/// A row for each endpoint. Until the metadata has come it shows the paths.
#[component]
pub fn EndpointsTable(
    /// The metadata.
    #[prop(into)]
    found: Signal<Found>,
) -> impl IntoView {
    let said = move || match found.get() {
        Found::NotYet => "The paths on this server. A client never writes them down: it reads the metadata.",
        Found::Fetched(_) => "As the metadata says, fetched just now.",
        Found::Failed => "The metadata could not be fetched; these are the paths.",
    };
    let place = move |endpoint: Endpoint| {
        found.with(|found| match found {
            Found::Fetched(metadata) => match metadata[endpoint.name].as_str() {
                Some(url) => url.to_owned(),
                None => "not offered here".to_owned(),
            },
            Found::NotYet | Found::Failed => endpoint.path.to_owned(),
        })
    };
    view! {
        <p role="status" class="hint">{said}</p>
        <div class="table-frame" role="region" aria-labelledby="endpoints-caption" tabindex="0">
            <table class="plain-table">
                <caption id="endpoints-caption">"Endpoints"</caption>
                <thead>
                    <tr><th scope="col">"Name in the metadata"</th><th scope="col">"Where"</th><th scope="col">"What for"</th></tr>
                </thead>
                <tbody>
                    {ENDPOINTS
                        .map(|endpoint| view! {
                            <tr>
                                <th scope="row"><code>{endpoint.name}</code></th>
                                <td><code>{move || place(endpoint)}</code></td>
                                <td>{endpoint.purpose}" ("{endpoint.rule}")"</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
