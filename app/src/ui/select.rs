//! A choice of one of a few.

use billing::sessions::Flash;
use leptos::prelude::*;

use crate::ui::Input;
use crate::ui::field::{ErrorText, Label, described_by};

#[derive(Clone, Debug)]
pub struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>, is_chosen: bool) -> Choice {
        Choice { value: value.into(), label: label.into(), is_chosen }
    }
}

#[component]
pub fn Select(input: Input, choices: Vec<Choice>, flash: Option<Flash>) -> impl IntoView {
    let name = input.name;
    let error = flash.and_then(|flash| flash.message(name).map(str::to_owned));
    let described = described_by(&input, error.is_some());
    let invalid = error.as_ref().map(|_| "true");
    let option = |choice: Choice| {
        view! { <option value=choice.value selected=choice.is_chosen>{choice.label}</option> }
    };
    view! {
        <div class="field">
            <Label input/>
            <select id=name name=name autocomplete=input.autocomplete aria-invalid=invalid aria-describedby=described>
                {choices.into_iter().map(option).collect_view()}
            </select>
            {input.hint.map(|hint| view! { <p class="field-hint" id=format!("{name}-hint")>{hint}</p> })}
            <ErrorText name error/>
        </div>
    }
}
