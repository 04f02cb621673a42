//! The credentials of the second Basic realm.

use crate::ui::session::BasicCredentials;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The form. What is typed stays in this page's memory, and goes with it.
#[component]
pub fn AuditorForm(
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// Takes the credentials.
    on_open: Callback<BasicCredentials>,
) -> impl IntoView {
    let (username, set_username) = signal("auditor".to_owned());
    let (password, set_password) = signal(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        on_open.run(BasicCredentials { username: username.get_untracked(), password: password.get_untracked() });
        set_password.set(String::new());
    };
    view! {
        <form class="auditor-form" method="post" on:submit=submit>
            <fieldset disabled=move || !ready.get()>
                <legend>"With HTTP Basic the log is a realm of its own: the wiki’s credentials do not open it. These are kept in this page’s memory only."</legend>
                <div class="field">
                    <label for="auditor-account">"Account"</label>
                    <input id="auditor-account" name="username" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required
                        prop:value=username on:input:target=move |event| set_username.set(event.target().value())/>
                </div>
                <div class="field">
                    <label for="auditor-password">"Password"</label>
                    <input id="auditor-password" name="password" type="password" autocomplete="off" required
                        prop:value=password on:input:target=move |event| set_password.set(event.target().value())/>
                </div>
                <p class="actions">
                    <button type="submit" class="button strong">"Open the log"</button>
                    <button type="button" class="button quiet" on:click=move |_| {
                        set_username.set("auditor".to_owned());
                        set_password.set("trust-but-verify".to_owned());
                    }>"Use auditor"</button>
                </p>
            </fieldset>
        </form>
    }
}
