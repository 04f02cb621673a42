//! The first call, made without any credentials: the server's challenge, taken apart.

use crate::ui::client::{Answered, call};
use crate::ui::fetched::{fetched, later};
use crate::wire::problem::Problem;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The button, and what the server demands.
#[component]
pub fn Challenge(
    /// The path that is called.
    path: &'static str,
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
) -> impl IntoView {
    let answer = RwSignal::new(None::<Result<Answered, Problem>>);
    let ask = move |_| {
        spawn_local(async move {
            answer.try_set(Some(ask_for(path).await));
        });
    };
    view! {
        <div class="try-first">
            <p>"See it happen: call without any credentials, and read what the server demands."</p>
            <button type="button" class="button" disabled=move || !ready.get() on:click=ask>"Call without credentials"</button>
            <div role="status">
                {move || answer.get().map(|answer| later(demanded(answer)))}
            </div>
        </div>
    }
}

fetched! {
    in dealings:
    async fn ask_for(path: &'static str) -> Result<Answered, Problem> {
        call("GET", path, &[], None).await
    }
}

fetched! {
    in dealings:
    /// What was answered.
    fn demanded(answer: Result<Answered, Problem>) -> AnyView {
        match answer {
            Err(problem) => view! { <p>{problem.detail}</p> }.into_any(),
            Ok(answered) => {
                let status = answered.status;
                let demand = answered.answer.header("www-authenticate").unwrap_or_default().to_owned();
                view! {
                    <p><b>{status}</b>": the server does not know who asks, and says how to tell it."</p>
                    <dl class="facts">
                        <div><dt>"scheme"</dt><dd>{demand.split(' ').next().unwrap_or_default().to_owned()}</dd></div>
                        {parameters(&demand)
                            .into_iter()
                            .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
                            .collect_view()}
                    </dl>
                }
                .into_any()
            }
        }
    }
}

/// The parameters of a challenge with one scheme (RFC 9110 §11.3).
pub fn parameters(challenge: &str) -> Vec<(String, String)> {
    let mut rest = challenge.split_once(' ').map_or("", |(_, rest)| rest);
    let mut found = Vec::new();
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_matches([' ', ',']).to_owned();
        let (value, after) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(',').unwrap_or((after, "")),
        };
        found.push((name, value.to_owned()));
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::parameters;

    #[test]
    fn a_challenge_falls_into_its_parameters() {
        let named = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            parameters(r#"Basic realm="Three Keys, pages", charset="UTF-8""#),
            [named("realm", "Three Keys, pages"), named("charset", "UTF-8")]
        );
        assert_eq!(parameters("Bearer scope=pages:read, a=b"), [named("scope", "pages:read"), named("a", "b")]);
        assert_eq!(parameters("Basic"), []);
    }
}
