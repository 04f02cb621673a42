//! Nobody is signed in who could read the log.

use leptos::prelude::*;

/// How to get a key that opens it.
#[component]
pub fn SignedOut() -> impl IntoView {
    view! {
        <p>"This tab holds no key that could open the log. Three do:"</p>
        <ul>
            <li><a href="/jwt">"Sign in with a JWT"</a>" as alice, who is an admin."</li>
            <li>
                <a href="/oauth">"Sign in with OAuth"</a>
                " as alice, and tick the scope "
                <code>"audit:read"</code>
                ": an admin’s token without it is refused."
            </li>
            <li>"Show the credentials of the second Basic realm, below. In the demo they are auditor’s."</li>
        </ul>
    }
}
