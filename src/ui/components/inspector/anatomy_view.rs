//! A token taken apart before your eyes, with its faults and what to be careful about.

use crate::ui::components::token_parts::{Members, coloured};
use crate::ui::dates;
use crate::ui::inspection::anatomy::{Anatomy, Fault, Place};
use crate::ui::inspection::warnings;
use crate::wire::base64url;
use leptos::prelude::*;
use serde_json::Value;

/// What can be read of a token, verified or not.
#[component]
pub fn AnatomyView(
    /// The token.
    token: String,
) -> impl IntoView {
    let Anatomy { header, claims, raw, signature, faults, .. } = Anatomy::of(&token);
    let warnings = match (&header, &claims) {
        (None, None) => Vec::new(),
        (header, claims) => {
            warnings::of(header.as_ref().unwrap_or(&Value::Null), claims.as_ref().unwrap_or(&Value::Null), dates::now())
        }
    };
    view! {
        <h3>"Taken apart"</h3>
        <p class="secret" data-testid="coloured"><code>{coloured(&token)}</code></p>
        <FaultList faults/>
        <div class="token-parts">
            {header.map(|members| view! { <Members title="Header" class="part-header" members/> })}
            {claims.map(|members| view! { <Members title="Claims" class="part-claims" members/> })}
            {raw
                .into_iter()
                .map(|(place, text)| view! {
                    <div class="members">
                        <h4>{place.name()}": its text"</h4>
                        <code class="secret">{text}</code>
                    </div>
                })
                .collect_view()}
            {signature.map(|bytes| view! {
                <div class="members part-signature">
                    <h4>"Signature"</h4>
                    <dl class="facts">
                        <div><dt>"bytes"</dt><dd>{bytes.len()}</dd></div>
                        <div><dt>"base64url"</dt><dd><code>{base64url::encode(bytes)}</code></dd></div>
                    </dl>
                </div>
            })}
        </div>
        {(!warnings.is_empty()).then(|| view! {
            <div class="cautions">
                <h3>"Be careful"</h3>
                <ul>{warnings.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ul>
            </div>
        })}
    }
}

/// What is malformed, where, by which rule.
#[component]
fn FaultList(
    /// The faults.
    faults: Vec<Fault>,
) -> impl IntoView {
    (!faults.is_empty()).then(|| {
        view! {
            <div class="refusal" data-testid="faults">
                <p class="refusal-title">"Malformed"</p>
                <ul>
                    {faults
                        .into_iter()
                        .map(|Fault { place, what, rule }| view! {
                            <li><strong>{Place::name(place)}</strong>" "{what}". "<span class="rule">{rule}</span></li>
                        })
                        .collect_view()}
                </ul>
            </div>
        }
    })
}
