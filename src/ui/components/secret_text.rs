//! Text from the wire, its secrets coloured by part, and masked until they are revealed.

use crate::ui::recorder::secrets::{Kind, pieces};
use leptos::prelude::*;

/// The text.
#[component]
pub fn SecretText(
    /// What crossed the wire.
    #[prop(into)]
    text: String,
    /// Whether secrets are shown.
    #[prop(into)]
    revealed: Signal<bool>,
) -> impl IntoView {
    move || {
        let revealed = revealed.get();
        pieces(&text)
            .into_iter()
            .map(|piece| {
                let class = match piece.kind {
                    Kind::Plain => return piece.text.to_owned().into_any(),
                    Kind::Header => "part-header",
                    Kind::Claims => "part-claims",
                    Kind::Signature => "part-signature",
                    Kind::Opaque => "part-opaque",
                };
                let shown = if revealed { piece.text.to_owned() } else { "••••••".to_owned() };
                view! { <span class=class>{shown}</span> }.into_any()
            })
            .collect_view()
    }
}
