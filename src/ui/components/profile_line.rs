//! Who am I? The resource server's answer, not this page's guess.

use crate::wire::pages::Profile;
use leptos::prelude::*;

/// The account in one line.
#[component]
pub fn ProfileLine(
    /// What the resource server said.
    profile: Profile,
) -> impl IntoView {
    let Profile { username, role, scope, client_id, .. } = profile;
    view! {
        <p class="profile-line" data-testid="profile">
            "You are "
            <strong>{username}</strong>
            ", "
            <span class="role-tag">{role.as_str()}</span>
            {client_id.map(|client| view! { <span>" through the application "<code>{client}</code></span> })}
            {scope.map(|scope| view! { <span>" with the scope "<code>{scope}</code></span> })}
        </p>
    }
}
