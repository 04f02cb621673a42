//! The last part of a lab: its attacks, each on a card.

use super::attack_card::{AttackCard, Progress};
use crate::ui::fetched::fetched;
use crate::ui::focus;
use crate::ui::labs::{self, Attack, Outcome};
use crate::ui::oauth::Failure;
use crate::ui::session::HeldCode;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The cards.
#[component]
pub fn BreakIt(
    /// The attacks, in the order in which they are taught.
    attacks: &'static [Attack],
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// A code that an attack has been waiting for.
    #[prop(optional)]
    held: Option<RwSignal<Option<HeldCode>>>,
) -> impl IntoView {
    let cards: Vec<_> = attacks.iter().map(|attack| (*attack, RwSignal::new(Progress::Idle))).collect();
    let find = {
        let cards = cards.clone();
        move |attack| cards.iter().find(|(known, _)| *known == attack).map(|(_, progress)| *progress)
    };
    let resume_on = find.clone();
    Effect::new(move |_| {
        let attack = held.and_then(|held| held.with(|held| Attack::by_id(held.as_ref()?.pending.task.as_deref()?)));
        let (Some(held), Some(attack)) = (held, attack) else { return };
        let (Some(code), Some(progress)) = (held.try_update(Option::take).flatten(), resume_on(attack)) else { return };
        progress.set(Progress::Running);
        focus::soon_by_name(format!("{}-heading", attack.story().id));
        spawn_local(async move { finish(progress, resume(attack, code).await) });
    });
    let on_try = Callback::new(move |attack| {
        let Some(progress) = find(attack) else { return };
        progress.set(Progress::Running);
        spawn_local(async move { finish(progress, run(attack).await) });
    });
    view! {
        <section class="break-it" aria-labelledby="break-heading">
            <h2 id="break-heading">"Break it"</h2>
            <p>"Each card sends a real attack to this server and shows which check refuses it. The same input goes to a careless verifier, which runs in your browser only and leaves one thing out."</p>
            <div class="attacks">
                {cards
                    .into_iter()
                    .map(|(attack, progress)| view! { <AttackCard attack progress ready on_try/> })
                    .collect_view()}
            </div>
        </section>
    }
}

fetched! {
    in dealings:
    async fn run(attack: Attack) -> Result<Option<Outcome>, Failure> {
        labs::run(attack).await
    }
}

fetched! {
    in dealings:
    async fn resume(attack: Attack, held: HeldCode) -> Result<Option<Outcome>, Failure> {
        labs::resume(attack, held).await.map(Some)
    }
}

/// What came of it; a page that was left meanwhile is not touched.
fn finish(progress: RwSignal<Progress>, came: Result<Option<Outcome>, Failure>) {
    let then = match came {
        Ok(Some(outcome)) => Progress::Done(outcome),
        // The browser is on its way to the authorization server.
        Ok(None) => return,
        Err(failure) => Progress::Failed(failure.to_string()),
    };
    let _ = progress.try_set(then);
}
