//! The clients that a demo knows.

use leptos::prelude::*;

/// Id, secret, redirect URI, and what it is good for.
const CLIENTS: [[&str; 4]; 8] = [
    ["native-app", "none, PKCE", "http://127.0.0.1/callback, any port", "an app or a tool on this machine"],
    [
        "trip-planner",
        "none, PKCE",
        "/trip-planner/callback of this server",
        "a third party: 60-second tokens, asks consent every time",
    ],
    ["blink", "none, PKCE", "http://127.0.0.1/blink, any port", "2-second tokens, to meet expiry"],
    [
        "backend",
        "backend-secret-7f1b9c2e",
        "http://127.0.0.1:3999/callback",
        "a service: client credentials, code, refresh",
    ],
    [
        "backend-other",
        "backend-other-secret-51d0aa37",
        "http://127.0.0.1:3999/other",
        "another one, to mix them up with",
    ],
    ["odd:client", "p@ss word+%:é", "http://127.0.0.1:3999/odd", "must be form-encoded in Basic (RFC 6749 §2.3.1)"],
    ["tv", "none", "", "a device without a browser"],
    ["resource-server", "resource-secret-90c4e6d1", "", "introspection"],
];

/// The table.
#[component]
pub fn ClientsTable() -> impl IntoView {
    view! {
        <div class="table-frame" role="region" aria-labelledby="clients-caption" tabindex="0">
            <table class="plain-table clients">
                <caption id="clients-caption">"Demo clients. They exist only while the issuer is a loopback address, or with --demo"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Client id"</th>
                        <th scope="col">"Secret"</th>
                        <th scope="col">"Redirect URI"</th>
                        <th scope="col">"Good for"</th>
                    </tr>
                </thead>
                <tbody>
                    {CLIENTS
                        .map(|[id, secret, redirect_uri, purpose]| view! {
                            <tr>
                                <th scope="row"><code>{id}</code></th>
                                <td>{if secret.starts_with("none") { secret.into_any() } else { view! { <code>{secret}</code> }.into_any() }}</td>
                                <td>{if redirect_uri.is_empty() { "none" } else { redirect_uri }}</td>
                                <td>{purpose}</td>
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
