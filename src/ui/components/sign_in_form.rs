//! Account and password, with the demo accounts one click away.

use super::people::DEMO_ACCOUNTS;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The form. It is closed until the page is hydrated, so that a browser never sends the fields by itself.
#[component]
pub fn SignInForm(
    /// Whether the page is hydrated.
    #[prop(into)]
    ready: Signal<bool>,
    /// Whether a sign-in is under way.
    #[prop(into)]
    busy: Signal<bool>,
    /// Takes the account and the password.
    on_sign_in: Callback<(String, String)>,
) -> impl IntoView {
    let (username, set_username) = signal(String::new());
    let (password, set_password) = signal(String::new());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            on_sign_in.run((username.get_untracked(), password.get_untracked()));
        }
    };
    view! {
        <form class="sign-in-form" method="post" on:submit=submit aria-busy=move || busy.get().to_string()>
            <fieldset disabled=move || !ready.get()>
                <legend>"Demo people, one click each"</legend>
                <div class="demo-people">
                    {DEMO_ACCOUNTS
                        .map(|(name, secret, role)| {
                            view! {
                                <div class="demo-person">
                                    <button
                                        type="button"
                                        class="button quiet"
                                        on:click=move |_| {
                                            set_username.set(name.to_owned());
                                            set_password.set(secret.to_owned());
                                        }
                                    >
                                        {format!("Use {name}")}
                                    </button>
                                    <span class="role-tag">{role}</span>
                                </div>
                            }
                        })
                        .collect_view()}
                </div>
                <div class="field">
                    <label for="sign-in-account">"Account"</label>
                    <input
                        id="sign-in-account"
                        name="username"
                        type="text"
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        pattern="[^:]*"
                        title="Without a colon: that is what ends the name in a Basic header"
                        required
                        prop:value=username
                        on:input:target=move |event| set_username.set(event.target().value())
                    />
                </div>
                <div class="field">
                    <label for="sign-in-password">"Password"</label>
                    <input
                        id="sign-in-password"
                        name="password"
                        type="password"
                        autocomplete="current-password"
                        required
                        prop:value=password
                        on:input:target=move |event| set_password.set(event.target().value())
                    />
                </div>
                <button type="submit" class="button strong">"Sign in"</button>
            </fieldset>
            <noscript>"Signing in here needs JavaScript: the browser has to keep the key and add it to each call. The same calls work from curl without it."</noscript>
        </form>
    }
}
