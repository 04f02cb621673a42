//! The wiki under one key: who I am, the pages, and what the server refused.

use super::challenge::parameters;
use super::page_article::PageArticle;
use super::page_form::PageForm;
use super::page_list::PageList;
use super::profile_line::ProfileLine;
use super::refusal::RefusalAlert;
use crate::ui::focus::WIKI_HEADING;
use crate::ui::wiki::{Refusal, Shown, Wiki};
use crate::wire::problem::Problem;
use crate::wire::role::{Operation, Role};
use leptos::prelude::*;

/// The region, drawn from the wiki's state.
#[component]
pub fn WikiRegion(
    /// The state, and the calls behind the buttons.
    wiki: Wiki,
    /// Asks for a scope that was missing, where the key knows scopes.
    #[prop(optional)]
    on_step_up: Option<Callback<String>>,
) -> impl IntoView {
    let current = Signal::derive(move || match wiki.shown.get() {
        Shown::Page(page) | Shown::Draft { from: Some(page) } => Some(page.summary.slug),
        _ => None,
    });
    let may_delete = Signal::derive(move || {
        wiki.profile.with(|profile| profile.as_ref().is_some_and(|known| Role::may(known.role, Operation::DeletePage)))
    });
    let refused = move |Refusal { asked, problem }: Refusal| {
        let newer = (problem.status == 409).then(|| current.get_untracked()).flatten();
        let missing = on_step_up.zip(missing_scope(&problem));
        view! {
            <RefusalAlert asked problem>
                {missing.map(|(ask, scope)| view! {
                    <p>
                        <button type="button" class="button" on:click={
                            let scope = scope.clone();
                            move |_| ask.run(scope.clone())
                        }>
                            {format!("Ask for {scope} as well")}
                        </button>
                    </p>
                })}
                {newer.map(|slug| view! {
                    <p>
                        <button type="button" class="button" on:click=move |_| wiki.read(slug.clone())>
                            "Open the current version"
                        </button>
                    </p>
                })}
            </RefusalAlert>
        }
    };
    view! {
        <section class="panel wiki" aria-labelledby=WIKI_HEADING aria-busy=move || wiki.busy.get().to_string()>
            <h2 id=WIKI_HEADING tabindex="-1">"The wiki"</h2>
            {move || wiki.profile.get().map(|profile| view! { <ProfileLine profile/> })}
            {move || wiki.refusal.get().map(refused)}
            <div class="wiki-columns">
                <div class="wiki-side">
                    <PageList pages=wiki.pages current on_open=Callback::new(move |slug| wiki.read(slug))/>
                    <button type="button" class="button quiet" on:click=move |_| wiki.compose()>"New page"</button>
                </div>
                <div class="wiki-main">
                    {move || match wiki.shown.get() {
                        Shown::Nothing => view! { <p class="hint">"Open a page to read it."</p> }.into_any(),
                        Shown::Page(page) => view! {
                            <PageArticle page may_delete
                                on_edit=Callback::new(move |page| wiki.edit(page))
                                on_delete=Callback::new(move |page: crate::wire::pages::Page| wiki.delete(&page.summary))/>
                        }.into_any(),
                        Shown::Draft { from } => view! {
                            <PageForm from on_save=Callback::new(move |draft| wiki.save(draft))
                                on_cancel=Callback::new(move |()| wiki.cancel())/>
                        }.into_any(),
                    }}
                </div>
            </div>
            <p class="visually-hidden" role="status">{wiki.status}</p>
        </section>
    }
}

/// The scope that a refusal asks for (RFC 6750 §3).
fn missing_scope(problem: &Problem) -> Option<String> {
    let parameters = parameters(problem.challenge.as_deref()?);
    let value = |wanted: &str| parameters.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    value("error").filter(|error| error == "insufficient_scope").and(value("scope"))
}
