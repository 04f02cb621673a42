//! The HTML document around the application, and the policy that says what may run in it.

use super::App;
use leptos::prelude::*;
use leptos_meta::MetaTags;

/// The document, as the server sends it.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    #[cfg(feature = "ssr")]
    policy::send();

    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="referrer" content="no-referrer"/>
                <meta
                    name="description"
                    content="Learn, see and test how web APIs are secured: one small wiki, guarded by HTTP Basic, JSON Web Tokens and OAuth 2."
                />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=format!("/{}/three-keys.css", options.site_pkg_dir)/>
                <AutoReload options=options.clone()/>
                <Hydration pkg_path=options.site_pkg_dir.to_string()/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Fetches the application and hydrates the page, once the first frame is drawn: what the server rendered is to be read at
/// once, and on a slow line the WASM before it would stand in its way. (leptos' own `HydrationScripts`
/// asks for it while the page is still being read.) Starting and hydrating are two tasks, so that a slow device can look at
/// a tap in between.
#[component]
fn Hydration(
    /// Where the application lies.
    pkg_path: String,
) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let nonce = leptos::nonce::use_nonce();
    #[cfg(not(feature = "ssr"))]
    let nonce = None::<String>;
    let script = format!(
        "requestAnimationFrame(() => setTimeout(async () => {{\
           const app = await import('/{pkg_path}/three-keys.js');\
           await app.default({{ module_or_path: '/{pkg_path}/three-keys.wasm' }});\
           setTimeout(() => app.hydrate());\
         }}))"
    );
    view! { <script type="module" nonce=nonce>{script}</script> }
}

/// The Content-Security-Policy of every rendered page.
#[cfg(feature = "ssr")]
mod policy {
    use http::{HeaderValue, header};
    use leptos::nonce::use_nonce;
    use leptos::prelude::use_context;
    use leptos_axum::ResponseOptions;

    /// Sets the header on the answer that is being rendered.
    pub(super) fn send() {
        let (Some(response), Some(nonce)) = (use_context::<ResponseOptions>(), use_nonce()) else { return };
        if let Ok(value) = HeaderValue::from_str(&text(&nonce)) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, value);
        }
    }

    /// Only scripts with this answer's nonce run, and what those import (`'strict-dynamic'`): the small inline one that
    /// fetches the application. Nothing is loaded from or sent to anywhere else; `object-src` and whatever else is not
    /// named falls back to nothing. Text becomes markup through the one policy in `ui/trusted_types.rs`.
    fn text(nonce: &str) -> String {
        // `cargo leptos watch` tells the page over a websocket that it was rebuilt.
        let reload = if cfg!(debug_assertions) { " ws://127.0.0.1:3001 ws://localhost:3001" } else { "" };
        format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'wasm-unsafe-eval' 'strict-dynamic'; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; connect-src 'self'{reload}; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; require-trusted-types-for 'script'; \
             trusted-types default"
        )
    }
}
