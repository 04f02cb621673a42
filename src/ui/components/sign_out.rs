//! The way out.

use leptos::prelude::*;

/// What signing out does with this key, and the button.
#[component]
pub fn SignOut(
    /// What happens, and what does not.
    explanation: &'static str,
    /// Signs out.
    on_sign_out: Callback<()>,
    /// More ways out, such as a link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="panel sign-out" aria-labelledby="sign-out-heading">
            <h2 id="sign-out-heading">"Leave"</h2>
            <p>{explanation}</p>
            <div class="actions">
                <button type="button" class="button" on:click=move |_| on_sign_out.run(())>"Sign out"</button>
                {children.map(|children| children())}
            </div>
        </section>
    }
}
