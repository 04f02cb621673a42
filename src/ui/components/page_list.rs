//! The wiki's pages, each a button that opens it.

use crate::wire::pages::PageSummary;
use leptos::prelude::*;

/// The list of titles.
#[component]
pub fn PageList(
    /// The pages by title; `None` until the server has answered.
    #[prop(into)]
    pages: Signal<Option<Vec<PageSummary>>>,
    /// The slug of the page that is open.
    #[prop(into)]
    current: Signal<Option<String>>,
    /// Opens a page.
    on_open: Callback<String>,
) -> impl IntoView {
    let item = move |page: PageSummary| {
        let (slug, opens) = (page.slug.clone(), page.slug);
        let is_current = move || (current.get().as_deref() == Some(&slug)).then_some("true");
        view! {
            <li>
                <button type="button" class="page-link" aria-current=is_current on:click=move |_| on_open.run(opens.clone())>
                    {page.title}
                </button>
            </li>
        }
    };
    view! {
        <ul class="page-list">
            {move || match pages.get() {
                None => view! { <li class="hint">"Not read yet."</li> }.into_any(),
                Some(pages) if pages.is_empty() => view! { <li class="hint">"There are none."</li> }.into_any(),
                Some(pages) => pages.into_iter().map(item).collect_view().into_any(),
            }}
        </ul>
    }
}
