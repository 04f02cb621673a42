//! The end of each page: the documents that machines read, and the standards behind all this.

use leptos::prelude::*;

/// The footer.
#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="site-footer">
            <div class="site-footer-inner">
                <p>
                    "Everything you see here runs on this server. Point your own client at it: its "
                    <a href="/.well-known/oauth-authorization-server" rel="external">"metadata"</a>
                    " names every endpoint."
                </p>
                <ul class="standards" aria-label="Standards">
                    <li><a href="https://www.rfc-editor.org/rfc/rfc7617" rel="external">"RFC 7617 Basic"</a></li>
                    <li><a href="https://www.rfc-editor.org/rfc/rfc7519" rel="external">"RFC 7519 JWT"</a></li>
                    <li><a href="https://www.rfc-editor.org/rfc/rfc6749" rel="external">"RFC 6749 OAuth 2.0"</a></li>
                    <li><a href="https://www.rfc-editor.org/rfc/rfc9700" rel="external">"RFC 9700 Best practice"</a></li>
                </ul>
            </div>
        </footer>
    }
}
