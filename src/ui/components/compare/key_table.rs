//! A question in each row, and each key's answer.

use crate::ui::components::motif::KeyGlyph;
use crate::ui::key::Key;
use leptos::prelude::*;

/// A question with the answers for Basic, JWT and OAuth.
pub type Question = (&'static str, [&'static str; 3]);

/// The table, which scrolls sideways where the screen is narrow.
#[component]
pub fn KeyTable(
    /// The id of the caption.
    id: &'static str,
    /// The caption.
    caption: &'static str,
    /// The rows.
    questions: &'static [Question],
) -> impl IntoView {
    view! {
        <div class="table-frame" role="region" aria-labelledby=id tabindex="0">
            <table class="comparison">
                <caption id=id>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Question"</th>
                        {Key::ALL
                            .map(|key| view! {
                                <th scope="col" class=key.class()>
                                    <KeyGlyph which=key/>
                                    <span>{key.name()}</span>
                                </th>
                            })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {questions
                        .iter()
                        .map(|(question, answers)| view! {
                            <tr>
                                <th scope="row">{*question}</th>
                                {answers.map(|answer| view! { <td>{answer}</td> }).collect_view()}
                            </tr>
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
