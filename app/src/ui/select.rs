//! A field that is chosen from a list.

use billing::sessions::Flash;
use leptos::prelude::*;

use crate::ui::Input;
use crate::ui::field::{ErrorText, Label, described_by, said};

pub struct Choice {
    pub value: &'static str,
    pub label: String,
}

#[component]
pub fn Select(input: Input, choices: Vec<Choice>, chosen: &'static str, flash: Option<Flash>) -> impl IntoView {
    let (error, _) = flash.map(|flash| said(&flash, input.name)).unwrap_or_default();
    let described = described_by(&input, error.is_some());
    let invalid = error.as_ref().map(|_| "true");
    let option = |choice: Choice| {
        let is_chosen = choice.value == chosen;
        view! { <option value=choice.value selected=is_chosen>{choice.label}</option> }
    };
    view! {
        <div class="field">
            <Label input/>
            <select id=input.name name=input.name autocomplete=input.autocomplete aria-invalid=invalid aria-describedby=described>
                {choices.into_iter().map(option).collect_view()}
            </select>
            <ErrorText name=input.name error/>
        </div>
    }
}
