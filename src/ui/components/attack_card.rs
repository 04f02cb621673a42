//! An attack: what the attacker does, the button, what the server says, and how a careless verifier falls for it.

use crate::ui::fetched::{fetched, later};
use crate::ui::labs::{Attack, Careless, Outcome, Said, Story};
use crate::ui::recorder::Recorder;
use leptos::prelude::*;

/// How far an attack has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// Not tried yet.
    Idle,
    /// Under way.
    Running,
    /// Done.
    Done(Outcome),
    /// It could not be tried.
    Failed(String),
}

/// The card.
#[component]
pub fn AttackCard(
    /// The attack.
    attack: Attack,
    /// How far it has come.
    #[prop(into)]
    progress: Signal<Progress>,
    /// Whether it can be tried now.
    #[prop(into)]
    ready: Signal<bool>,
    /// Tries it.
    on_try: Callback<Attack>,
) -> impl IntoView {
    let Story { id, title, attacker, defence, carelessness } = attack.story();
    let heading = format!("{id}-heading");
    let closed = move || !ready.get() || progress.with(|progress| *progress == Progress::Running);
    view! {
        <article class="attack" id=id aria-labelledby=heading.clone()>
            <h3 id=heading.clone() tabindex="-1">{title}</h3>
            <p><b>"The attacker "</b>{lower_first(attacker)}</p>
            <button type="button" class="button" aria-describedby=heading.clone() disabled=closed on:click=move |_| on_try.run(attack)>
                "Try it"
            </button>
            <div role="status" class="attack-outcome">
                {move || match progress.get() {
                    Progress::Idle => ().into_any(),
                    Progress::Running => view! { <p class="hint">"Under way …"</p> }.into_any(),
                    Progress::Failed(words) => view! { <p class="attack-failed">"It could not be tried: "{words}</p> }.into_any(),
                    Progress::Done(outcome) => later(verdicts(outcome, carelessness)).into_any(),
                }}
            </div>
            <p class="attack-defence"><b>"What stops it: "</b>{defence}</p>
        </article>
    }
}

fetched! {
    in dealings:
    fn verdicts(outcome: Outcome, carelessness: &'static str) -> AnyView {
        view! { <Verdicts outcome carelessness/> }.into_any()
    }
}

/// What both sides said.
#[component]
fn Verdicts(
    /// What came of it.
    outcome: Outcome,
    /// What the careless verifier leaves out.
    carelessness: &'static str,
) -> impl IntoView {
    let recorder = expect_context::<Recorder>();
    let Outcome { said, careless: Careless { is_fooled, words } } = outcome;
    view! {
        <ol class="said">{said.into_iter().map(|said| view! { <Line said recorder/> }).collect_view()}</ol>
        <div class="careless" class:fooled=is_fooled>
            <p class="careless-title">{if is_fooled { "A careless verifier is fooled" } else { "The careless verifier noticed as well" }}</p>
            <p>{carelessness}" "<b>{words}</b></p>
        </div>
    }
}

/// One answer.
#[component]
fn Line(
    /// What was asked, and what was said.
    said: Said,
    /// Where its exchange can be opened.
    recorder: Recorder,
) -> impl IntoView {
    let Said { asked, who, status, check, words, exchange } = said;
    let is_refused = check.is_some() || status == 0 || status >= 400;
    let verdict = match (is_refused, status) {
        (true, 0) => "refused".to_owned(),
        (true, status) => format!("{status}, refused"),
        (false, status) => format!("{status}, accepted"),
    };
    view! {
        <li class=if is_refused { "refused" } else { "accepted" }>
            <p class="said-line"><span>{asked}</span><span class="said-verdict">{who}": "{verdict}</span></p>
            {check.map(|check| view! {
                <p class="said-check">
                    "Caught by the check "<code data-testid="check">{check.name}</code>
                    {check.source.map(|(source, link)| view! {
                        " "<a href=link rel="external noreferrer" target="_blank">{source}</a>
                    })}
                </p>
            })}
            <p class="said-words">
                {words}
                {exchange.map(|id| view! {
                    " "<button type="button" class="link" on:click=move |_| recorder.show(id)>"See the exchange"</button>
                })}
            </p>
        </li>
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
