//! `/connect`: for those who point a client of their own here.

use crate::ui::components::connect::clients_table::ClientsTable;
use crate::ui::components::connect::endpoints_table::EndpointsTable;
use crate::ui::components::connect::snippet::Snippet;
use crate::ui::components::people::AccountsTable;
use crate::ui::discovery::{self, Found};
use crate::ui::focus::MAIN_HEADING;
use crate::ui::session::Session;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;

/// Each program: its id, what it is written with, how it is run, and its text. Tests run these very files.
const SNIPPETS: [(&str, &str, &str, &str); 4] = [
    ("with-curl", "curl", "sh curl.sh", include_str!("../snippets/curl.sh")),
    (
        "with-oauth4webapi",
        "oauth4webapi (JavaScript)",
        "node oauth4webapi.mjs",
        include_str!("../snippets/oauth4webapi.mjs"),
    ),
    ("with-authlib", "Authlib (Python)", "python3 with_authlib.py", include_str!("../snippets/with_authlib.py")),
    ("with-oauth2", "oauth2 (Rust)", "cargo run", include_str!("../snippets/oauth2.rs")),
];

/// The page.
#[component]
pub fn ConnectPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let origin = RwSignal::new(None::<String>);
    let found = RwSignal::new(Found::NotYet);
    Effect::new(move |_| {
        origin.set(window().location().origin().ok());
        spawn_local(async move {
            found.try_set(discovery::fetch().await);
        });
    });
    view! {
        <Title text="Connect a client"/>
        <div class="connect-page key-oauth">
            <header class="key-heading">
                <h1 id=MAIN_HEADING tabindex="-1">"Connect a client"</h1>
                <p class="lede">"This server is a real OAuth 2.1 authorization server and OpenID Connect provider. Point your own client at it."</p>
            </header>
            <section aria-labelledby="discovery-heading">
                <h2 id="discovery-heading">"Everything is found from the issuer"</h2>
                <p class="measure">
                    "The issuer is this page’s origin, "
                    <code>{move || origin.get().unwrap_or_else(|| "http://127.0.0.1:3000".to_owned())}</code>
                    ". Its metadata is at "
                    <a href="/.well-known/openid-configuration" rel="external"><code>"/.well-known/openid-configuration"</code></a>
                    " and, the same document, at "
                    <a href="/.well-known/oauth-authorization-server" rel="external"><code>"/.well-known/oauth-authorization-server"</code></a>
                    "; the API’s is at "
                    <a href="/.well-known/oauth-protected-resource/api/oauth" rel="external"><code>"/.well-known/oauth-protected-resource/api/oauth"</code></a>
                    "."
                </p>
                <EndpointsTable found/>
            </section>
            <section aria-labelledby="clients-heading">
                <h2 id="clients-heading">"Clients and people to try with"</h2>
                <ClientsTable/>
                <AccountsTable/>
            </section>
            <section aria-labelledby="snippets-heading">
                <h2 id="snippets-heading">"Programs to start from"</h2>
                <p class="measure">
                    "Each of them gets a token for a service, calls the wiki, asks what the token stands for, and prints where a person would sign in. They run as they stand; another issuer is named in the environment variable "
                    <code>"ISSUER"</code>
                    "."
                </p>
                {SNIPPETS
                    .map(|(id, name, run, text)| view! { <Snippet id name run text origin ready=session.ready/> })
                    .collect_view()}
            </section>
        </div>
    }
}
