//! A page to read.

use crate::ui::dates;
use crate::wire::pages::Page;
use leptos::html;
use leptos::prelude::*;

/// The page with what can be done to it. Everyone sees every button: the server decides, not the page.
#[component]
pub fn PageArticle(
    /// The page.
    page: Page,
    /// Opens the form.
    on_edit: Callback<Page>,
    /// Deletes it.
    on_delete: Callback<Page>,
    /// Whether to offer deleting at all.
    #[prop(into)]
    may_delete: Signal<bool>,
) -> impl IntoView {
    let heading = NodeRef::<html::H3>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    let (edited, deleted) = (page.clone(), page.clone());
    let Page { summary, html, .. } = page;
    view! {
        <article class="wiki-page" aria-labelledby="wiki-page-heading">
            <h3 id="wiki-page-heading" tabindex="-1" node_ref=heading>{summary.title}</h3>
            <p class="page-facts">
                {format!("Version {} by {}, ", summary.version, summary.edited_by)}
                <time datetime=dates::machine(summary.edited_at)>{dates::in_words(summary.edited_at)}</time>
            </p>
            // The server has made this HTML, and nothing in it runs.
            <div class="page-body" inner_html=html></div>
            <div class="actions">
                <button type="button" class="button" on:click=move |_| on_edit.run(edited.clone())>"Edit"</button>
                {move || {
                    let deleted = deleted.clone();
                    may_delete
                        .get()
                        .then(|| view! {
                            <button type="button" class="button danger" on:click=move |_| on_delete.run(deleted.clone())>
                                "Delete"
                            </button>
                        })
                }}
            </div>
        </article>
    }
}
