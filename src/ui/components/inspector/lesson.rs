//! What an inspector can and cannot tell.

use leptos::prelude::*;

/// Each thing to look at, and what it tells.
const CHECKS: [(&str, &str, &str); 6] = [
    ("Three parts", "Header, claims and signature, each base64url, joined by dots.", "RFC 7515 §7.1"),
    ("The algorithm", "Pinned to the key. A token that chooses its own can be made by anyone.", "RFC 8725 §3.1"),
    ("The signature", "Over the first two parts exactly as they stand, dot included.", "RFC 7515 §5.2"),
    ("The issuer and its key", "The key comes from the issuer’s metadata, never from the token.", "RFC 8725 §3.8"),
    ("The audience", "A token for somebody else’s door opens none here.", "RFC 7519 §4.1.3"),
    ("The times", "Not before nbf, and not from exp on.", "RFC 7519 §4.1.4"),
];

/// The checks that make a token worth believing.
#[component]
pub fn InspectorLesson() -> impl IntoView {
    view! {
        <section class="lesson" aria-labelledby="lesson-heading">
            <h2 id="lesson-heading">"Reading is not believing"</h2>
            <p>
                "Anyone can read a JSON Web Token: it is base64url, not encryption. Whether it is true, only the signature tells, and only to somebody who already knows the right key and which algorithm that key is for."
            </p>
            <div class="table-frame" role="region" aria-labelledby="checks-caption" tabindex="0">
                <table class="plain-table">
                    <caption id="checks-caption">"What a careful server checks before it believes a token"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Check"</th>
                            <th scope="col">"What it asks"</th>
                            <th scope="col">"Rule"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {CHECKS
                            .map(|(check, question, rule)| view! {
                                <tr>
                                    <th scope="row">{check}</th>
                                    <td>{question}</td>
                                    <td>{rule}</td>
                                </tr>
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
        </section>
    }
}
