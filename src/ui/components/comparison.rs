//! The three keys compared, question by question.

use super::compare::key_table::{KeyTable, Question};
use leptos::prelude::*;

/// Each question with its answer for Basic, JWT and OAuth.
static QUESTIONS: [Question; 7] = [
    (
        "What travels with each call?",
        ["The name and the password, in Base64", "A signed token", "A signed access token, for one API and one scope"],
    ),
    (
        "Who sees the password?",
        [
            "This page and the resource server, every time",
            "This page and the resource server, once at sign-in",
            "The authorization server alone",
        ],
    ),
    (
        "Can one application be shut out?",
        [
            "No: only a new password helps, and it shuts out all",
            "No: the token does not know applications",
            "Yes: its grant is revoked, the others stay",
        ],
    ),
    (
        "Can it be limited to some resources?",
        [
            "No: the password opens everything",
            "Only by role, the same for every application",
            "Yes: by scope and by audience",
        ],
    ),
    (
        "Does the server look anything up?",
        ["The account, on every call", "Nothing: the signature is enough", "Nothing but the list of what was revoked"],
    ),
    (
        "When does it end?",
        [
            "When the password changes",
            "At its expiry; earlier only with a store of revoked tokens",
            "After minutes; the refresh token gets the next one until it is revoked",
        ],
    ),
    (
        "When is it the right key?",
        [
            "Scripts and small inner services, over TLS",
            "One application with its own API",
            "Several applications, other people's applications, consent",
        ],
    ),
];

/// The comparison as a table.
#[component]
pub fn Comparison() -> impl IntoView {
    view! { <KeyTable id="compare-caption" caption="Three keys to the same door" questions=&QUESTIONS/> }
}
