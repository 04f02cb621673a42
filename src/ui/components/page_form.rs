//! Writing a page.

use crate::ui::wiki::Draft;
use crate::wire::pages::{MAX_SLUG, MAX_TITLE, Page};
use leptos::ev::SubmitEvent;
use leptos::html;
use leptos::prelude::*;

/// The form for a new page, or for the next version of a page.
#[component]
pub fn PageForm(
    /// The page that is changed; `None` writes a new one.
    from: Option<Page>,
    /// Saves.
    on_save: Callback<Draft>,
    /// Closes the form.
    on_cancel: Callback<()>,
) -> impl IntoView {
    let is_new = from.is_none();
    let heading = from
        .as_ref()
        .map_or_else(|| "A new page".to_owned(), |page| format!("Next version of “{}”", page.summary.title));
    let (slug, title, body, version) =
        from.map(|page| (page.summary.slug, page.summary.title, page.body, page.summary.version)).unwrap_or_default();
    let (slug, title, body) = (RwSignal::new(slug), RwSignal::new(title), RwSignal::new(body));
    let (slug_input, title_input) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    Effect::new(move |_| {
        if let Some(first) = if is_new { slug_input.get() } else { title_input.get() } {
            let _ = first.focus();
        }
    });
    let title_field = view! {
        <div class="field">
            <label for="page-title">"Title"</label>
            <input id="page-title" type="text" maxlength=MAX_TITLE required node_ref=title_input prop:value=title
                on:input:target=move |event| title.set(event.target().value())/>
        </div>
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (slug, title, body) = (slug.get_untracked(), title.get_untracked(), body.get_untracked());
        on_save.run(Draft { slug, title, body, version });
    };
    view! {
        <form class="page-form" method="post" on:submit=submit>
            <h3>{heading}</h3>
            {is_new
                .then(|| view! {
                    <div class="field">
                        <label for="page-slug">"Slug"</label>
                        <input id="page-slug" type="text" maxlength=MAX_SLUG autocapitalize="none" spellcheck="false"
                            aria-describedby="page-slug-hint" required node_ref=slug_input prop:value=slug
                            on:input:target=move |event| slug.set(event.target().value())/>
                        <p id="page-slug-hint" class="hint">
                            "The name in addresses: lower-case letters, digits and single hyphens."
                        </p>
                    </div>
                })}
            {title_field}
            <div class="field">
                <label for="page-body">"Text"</label>
                <textarea id="page-body" rows="10" aria-describedby="page-body-hint" prop:value=body
                    on:input:target=move |event| body.set(event.target().value())></textarea>
                <p id="page-body-hint" class="hint">
                    "Markdown is understood: " <code>"# heading"</code> ", " <code>"*emphasis*"</code> ", "
                    <code>"- list"</code> ", " <code>"[link](https://example.org)"</code>
                    ". HTML is shown as text."
                </p>
            </div>
            <div class="actions">
                <button type="submit" class="button strong">"Save"</button>
                <button type="button" class="button quiet" on:click=move |_| on_cancel.run(())>"Cancel"</button>
            </div>
        </form>
    }
}
