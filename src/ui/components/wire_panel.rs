//! The wire: every exchange of this tab, as a list or drawn. Open beside the lab on wide screens, a drawer on narrow ones.

use super::exchange_item::ExchangeItem;
use super::sequence_diagram::SequenceDiagram;
use crate::ui::fetched::{fetched, later};
use crate::ui::focus;
use crate::ui::recorder::Recorder;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

const TOGGLE: &str = "wire-toggle";

/// The panel.
#[component]
pub fn WirePanel() -> impl IntoView {
    let recorder = expect_context::<Recorder>();
    let drawn = RwSignal::new(false);
    let count = Memo::new(move |_| recorder.exchanges.with(Vec::len));
    let counted = move || match count.get() {
        1 => "1 exchange".to_owned(),
        count => format!("{count} exchanges"),
    };
    let close_on_escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" && recorder.drawer.get_untracked() {
            recorder.drawer.set(false);
            focus::soon(TOGGLE);
        }
    };
    let open_in_list = Callback::new(move |id| {
        drawn.set(false);
        recorder.show(id);
    });
    view! {
        <aside class="wire" class:open=recorder.drawer aria-labelledby="wire-heading" on:keydown=close_on_escape>
            <button
                type="button"
                id=TOGGLE
                class="wire-toggle"
                aria-expanded=move || recorder.drawer.get().to_string()
                aria-controls="wire-content"
                on:click=move |_| recorder.drawer.update(|open| *open = !*open)
            >
                "The wire: "{counted}
            </button>
            <div id="wire-content" class="wire-content">
                <h2 id="wire-heading">"The wire"</h2>
                <p class="hint">"Every exchange of this tab, as scripts see it. The browser adds a few headers of its own, such as Host."</p>
                <Toolbar recorder drawn/>
                {move || {
                    if count.get() == 0 {
                        view! { <p class="wire-empty">"Nothing has crossed it yet. Press any button on the page."</p> }.into_any()
                    } else if drawn.get() {
                        later(diagram(recorder, open_in_list)).into_any()
                    } else {
                        later(list(recorder)).into_any()
                    }
                }}
            </div>
        </aside>
    }
}

fetched! {
    in dealings:
    fn diagram(recorder: Recorder, on_open: Callback<u32>) -> AnyView {
        view! { <SequenceDiagram recorder on_open/> }.into_any()
    }
}

fetched! {
    in dealings:
    fn list(recorder: Recorder) -> AnyView {
        view! { <List recorder/> }.into_any()
    }
}

#[component]
fn Toolbar(recorder: Recorder, drawn: RwSignal<bool>) -> impl IntoView {
    let revealed = recorder.revealed;
    view! {
        <div class="wire-tools" role="group" aria-label="How the wire is shown">
            <button type="button" class="button quiet small" aria-pressed=move || (!drawn.get()).to_string() on:click=move |_| drawn.set(false)>
                "List"
            </button>
            <button type="button" class="button quiet small" aria-pressed=move || drawn.get().to_string() on:click=move |_| drawn.set(true)>
                "Diagram"
            </button>
            <button type="button" class="button quiet small" aria-pressed=move || revealed.get().to_string()
                on:click=move |_| revealed.update(|revealed| *revealed = !*revealed)>
                "Show secrets"
            </button>
            <button type="button" class="button quiet small" on:click=move |_| recorder.clear()>"Clear"</button>
        </div>
    }
}

/// The newest exchange last, as in the diagram; what is opened comes into view.
#[component]
fn List(recorder: Recorder) -> impl IntoView {
    Effect::new(move |_| {
        if let Some(id) = recorder.open.get() {
            focus::reveal(format!("exchange-{id}"));
        }
    });
    // What has changed in an exchange is drawn anew, and nothing else.
    let key = |exchange: &crate::ui::recorder::Exchange| {
        (exchange.id, exchange.milliseconds.is_some() || exchange.answer.is_some(), exchange.is_struck)
    };
    view! {
        <ol class="crossings">
            <For each=move || recorder.exchanges.get() key let:exchange>
                <ExchangeItem exchange recorder/>
            </For>
        </ol>
    }
}
