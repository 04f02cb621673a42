//! Where a browser can keep a key, and what each place is good against.

use leptos::prelude::*;

const COLUMNS: [&str; 6] = [
    "Place",
    "Can a script on the page read it? (XSS)",
    "Is it sent by itself? (CSRF)",
    "Can such a script act with it?",
    "It ends",
    "Here",
];

const ROWS: [[&str; 6]; 4] = [
    [
        "Session storage",
        "Yes, all of it",
        "Never, so there is nothing to forge",
        "Yes, and it can take it along",
        "With the tab",
        "The three keys of this tab",
    ],
    [
        "Local storage",
        "Yes, all of it",
        "Never, so there is nothing to forge",
        "Yes, and it can take it along",
        "Never by itself; every tab sees it",
        "Nothing",
    ],
    [
        "HttpOnly cookie",
        "No",
        "Yes, with every request to its site: it needs a defence against CSRF",
        "Yes, as long as the page is open, but it cannot take it along",
        "When the server says so",
        "The session of the authorization server, SameSite and with form tokens",
    ],
    [
        "Memory of the page",
        "Mostly: it can wait for the next use",
        "Never",
        "Yes",
        "At each reload",
        "The auditor’s password of the audit page",
    ],
];

/// The places compared.
#[component]
pub fn StorageTable() -> impl IntoView {
    view! {
        <div class="table-frame" role="region" aria-labelledby="storage-caption" tabindex="0">
            <table class="plain-table storage">
                <caption id="storage-caption">"Where a browser can keep a key"</caption>
                <thead>
                    <tr>{COLUMNS.map(|name| view! { <th scope="col">{name}</th> }).collect_view()}</tr>
                </thead>
                <tbody>
                    {ROWS
                        .map(|[place, cells @ ..]| view! {
                            <tr>
                                <th scope="row">{place}</th>
                                {cells.map(|cell| view! { <td>{cell}</td> }).collect_view()}
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
