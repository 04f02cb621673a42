//! Who lives in the demo: the accounts, and what each role may do.

use crate::wire::role::{Operation, Role};
use leptos::prelude::*;

/// Name, password and role of each demo account that may use the wiki.
pub const DEMO_ACCOUNTS: [(&str, &str, &str); 3] =
    [("alice", "wonderland", "admin"), ("bob", "open:sesame", "viewer"), ("chloé", "crème-brûlée", "editor")];

/// The demo accounts with their passwords.
#[component]
pub fn AccountsTable() -> impl IntoView {
    view! {
        <table class="plain-table">
            <caption>"Demo accounts"</caption>
            <thead>
                <tr>
                    <th scope="col">"Account"</th>
                    <th scope="col">"Password"</th>
                    <th scope="col">"Role"</th>
                </tr>
            </thead>
            <tbody>
                {DEMO_ACCOUNTS
                    .map(|(name, password, role)| view! {
                        <tr>
                            <th scope="row">{name}</th>
                            <td><code>{password}</code></td>
                            <td>{role}</td>
                        </tr>
                    })
                    .collect_view()}
                <tr>
                    <th scope="row">"auditor"</th>
                    <td><code>"trust-but-verify"</code></td>
                    <td>"only in the second Basic realm, the audit log’s"</td>
                </tr>
            </tbody>
        </table>
    }
}

/// The roles, straight from the rule that the server applies.
#[component]
pub fn RolesTable() -> impl IntoView {
    const COLUMNS: [(&str, Operation); 4] = [
        ("Read pages", Operation::ReadPages),
        ("Write pages", Operation::WritePage),
        ("Delete pages", Operation::DeletePage),
        ("Read the audit log", Operation::ReadAudit),
    ];
    view! {
        <table class="plain-table">
            <caption>"Who may do what"</caption>
            <thead>
                <tr>
                    <th scope="col">"Role"</th>
                    {COLUMNS.map(|(name, _)| view! { <th scope="col">{name}</th> }).collect_view()}
                </tr>
            </thead>
            <tbody>
                {[Role::Viewer, Role::Editor, Role::Admin]
                    .map(|role| view! {
                        <tr>
                            <th scope="row">{role.as_str()}</th>
                            {COLUMNS
                                .map(|(_, operation)| {
                                    let (class, word) = if role.may(operation) { ("yes", "yes") } else { ("no", "no") };
                                    view! { <td class=class>{word}</td> }
                                })
                                .collect_view()}
                        </tr>
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}
