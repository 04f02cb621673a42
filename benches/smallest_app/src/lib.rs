//! A button that counts, hydrated: as little as a Leptos application can be. With the feature `full_stack` it is the least
//! of what Three Keys is: with a route, a title and a function of the server's.

use leptos::prelude::*;
use leptos::wasm_bindgen::prelude::wasm_bindgen;

#[component]
fn Counter() -> impl IntoView {
    let count = RwSignal::new(0);
    view! { <button on:click=move |_| count.update(|count| *count += 1)>{count}</button> }
}

#[cfg(not(feature = "full_stack"))]
use Counter as App;

#[cfg(feature = "full_stack")]
#[component]
fn App() -> impl IntoView {
    use leptos_meta::{Title, provide_meta_context};
    use leptos_router::components::{Route, Router, Routes};
    use leptos_router::path;

    #[server]
    async fn double(number: i32) -> Result<i32, ServerFnError> {
        Ok(number * 2)
    }

    #[component]
    fn Doubled() -> impl IntoView {
        let double = Action::new(|number: &i32| double(*number));
        let answer = double.value();
        view! {
            <Counter/>
            <button on:click=move |_| { double.dispatch(21); }>"Double"</button>
            <p>{move || answer.get().map(|answer| answer.map_or_else(|error| error.to_string(), |number| number.to_string()))}</p>
        }
    }

    provide_meta_context();
    view! {
        <Title text="Smallest"/>
        <Router>
            <Routes fallback=|| "nothing here">
                <Route path=path!("/") view=Doubled/>
            </Routes>
        </Router>
    }
}

/// Brings the page to life.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
