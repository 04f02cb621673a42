//! A refusal: first in words, then exactly as the server put it.

use crate::wire::problem::Problem;
use leptos::html;
use leptos::prelude::*;

/// Shows a problem where screen readers announce it.
#[component]
pub fn RefusalAlert(
    /// What was asked, to finish the sentence "The server refused to …".
    asked: &'static str,
    /// What the server said.
    problem: Problem,
    /// A way on, such as a button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = match problem.status {
        0 => "No answer came".to_owned(),
        status => format!("{status}: the server refused to {asked}"),
    };
    let exact = [
        ("status", Some(problem.status.to_string())),
        ("title", Some(problem.title.clone())),
        ("detail", Some(problem.detail.clone())),
        ("check", problem.check.clone()),
        ("field", problem.field.clone()),
        ("WWW-Authenticate", problem.challenge.clone()),
        ("Retry-After", problem.retry_after.map(|seconds| seconds.to_string())),
    ];
    let alert = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(alert) = alert.get()
            && window().scroll_y().is_ok_and(|scrolled| f64::from(alert.offset_top()) < scrolled)
        {
            alert.scroll_into_view();
        }
    });
    view! {
        <div class="refusal" role="alert" node_ref=alert>
            <p class="refusal-title">{heading}</p>
            <p>{in_words(&problem)}</p>
            {children.map(|children| children())}
            <dl class="facts">
                {exact
                    .into_iter()
                    .filter_map(|(name, value)| {
                        value.map(|value| view! {
                            <div>
                                <dt>{name}</dt>
                                <dd>{value}</dd>
                            </div>
                        })
                    })
                    .collect_view()}
            </dl>
        </div>
    }
}

/// What the refusal means for the person who asked.
fn in_words(problem: &Problem) -> &'static str {
    let scope_is_short = problem.challenge.as_deref().is_some_and(|text| text.contains("insufficient_scope"));
    match problem.status {
        0 => "The server could not be reached. Nothing was changed.",
        400 => "The request breaks a rule. The field below says which; correct it and send it again.",
        401 => {
            "Authentication failed: the server does not know who is asking. The credentials are missing, wrong, expired or revoked. Sign in again to go on."
        }
        403 if scope_is_short => {
            "Authentication succeeded, authorization was refused: the token is genuine, but its scope does not cover this. Sign out, and sign in again with the scope that is missing."
        }
        403 => {
            "Authentication succeeded: the server knows who you are. Authorization was refused: your role does not allow this. No other password would change that; another role would."
        }
        404 => "There is no such page. Somebody may have deleted it.",
        409 => {
            "Somebody else changed this page after you had opened it. Your version is out of date, so nothing was saved: otherwise their change would be lost without a trace."
        }
        413 => "The text is too long.",
        429 => "Too many attempts in a short time. Wait a little; that is what slows down people who guess passwords.",
        503 => "The server is busy and said so early instead of making you wait. Try again in a moment.",
        _ => "The server could not do it. This is its own fault, not yours.",
    }
}
