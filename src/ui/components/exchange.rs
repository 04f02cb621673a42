//! A conversation over HTTP, line by line, as it crosses the wire.

use leptos::prelude::*;

/// Who says a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// The caller.
    Ask,
    /// The server.
    Answer,
}

/// The lines of an exchange, each with its speaker.
#[component]
pub fn Exchange(
    /// What the figure shows.
    caption: &'static str,
    /// The lines in order.
    lines: &'static [(Voice, &'static str)],
) -> impl IntoView {
    view! {
        <figure class="exchange">
            <figcaption>{caption}</figcaption>
            <ol>
                {lines
                    .iter()
                    .map(|(voice, text)| {
                        let (class, who) = match voice {
                            Voice::Ask => ("ask", "Client: "),
                            Voice::Answer => ("answer", "Server: "),
                        };
                        view! {
                            <li class=class>
                                <span class="visually-hidden">{who}</span>
                                <code>{*text}</code>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </figure>
    }
}
