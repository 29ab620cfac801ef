//! Fields of forms: label, hint and error belong to the input, for eyes and for screen readers.

use billing::sessions::Flash;
use leptos::prelude::*;

use crate::ui::Icon;

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Input {
    pub name: &'static str,
    pub label: &'static str,
    /// `text` or `password`
    pub kind: &'static str,
    pub autocomplete: &'static str,
    /// Digits are typed: the keyboard and the figures are for numbers.
    pub is_number: bool,
    /// An amount is typed.
    pub is_decimal: bool,
    pub length_max: Option<u32>,
    pub placeholder: Option<&'static str>,
    pub hint: Option<&'static str>,
    pub icon: Option<&'static str>,
    /// What says that it may stay empty.
    pub optional: Option<&'static str>,
    /// Behind what is typed: `USD`
    pub suffix: Option<&'static str>,
    /// A name of an account: no capital at the start, no dictionary.
    pub is_literal: bool,
}

impl Input {
    pub const fn text(name: &'static str, label: &'static str, autocomplete: &'static str) -> Input {
        Input {
            name,
            label,
            kind: "text",
            autocomplete,
            is_number: false,
            is_decimal: false,
            length_max: None,
            placeholder: None,
            hint: None,
            icon: None,
            optional: None,
            suffix: None,
            is_literal: false,
        }
    }
}

/// One field, with what was typed and what was wrong before.
#[component]
pub fn Field(input: Input, flash: Option<Flash>) -> impl IntoView {
    let flash = flash.unwrap_or_default();
    let (error, value) = (flash.message(input.name).map(str::to_owned), flash.value(input.name).map(str::to_owned));
    let described = described_by(&input, error.is_some());
    let invalid = error.as_ref().map(|_| "true");
    // What is typed runs as it begins, whatever the page does.
    let is_typed = value.as_ref().is_some_and(|value| !value.is_empty());
    // Groups of digits would stand in reverse in a page that runs from right to left.
    let direction = if input.is_number || input.is_decimal { Some("ltr") } else { is_typed.then_some("auto") };
    let control = view! {
        <input
            dir=direction
            id=input.name
            name=input.name
            class=(input.is_number || input.is_decimal).then_some("field-number")
            type=input.kind
            inputmode=inputmode(&input)
            autocomplete=input.autocomplete
            autocapitalize=input.is_literal.then_some("none")
            spellcheck=input.is_literal.then_some("false")
            maxlength=input.length_max
            placeholder=input.placeholder
            required=input.optional.is_none()
            value=value
            aria-invalid=invalid
            aria-describedby=described
        />
    };
    let control = match (input.icon, input.suffix) {
        (Some(name), _) => view! { <div class="field-with-icon">{control}<Icon name/></div> }.into_any(),
        (None, Some(suffix)) => {
            view! { <div class="field-with-suffix">{control}<span class="field-suffix">{suffix}</span></div> }
                .into_any()
        }
        (None, None) => control.into_any(),
    };
    view! {
        <div class="field">
            <Label input/>
            {control}
            {input.hint.map(|hint| view! { <p class="field-hint" id=format!("{}-hint", input.name)>{hint}</p> })}
            <ErrorText name=input.name error/>
        </div>
    }
}

#[component]
pub fn Label(input: Input) -> impl IntoView {
    let optional = input.optional.map(|optional| view! { " "<span class="field-optional">{optional}</span> });
    view! { <label for=input.name>{input.label}{optional}</label> }
}

#[component]
pub fn ErrorText(name: &'static str, error: Option<String>) -> impl IntoView {
    let text = |error| {
        view! { <p class="field-error" id=format!("{name}-error")><Icon name="alert"/>" "{error}</p> }
    };
    error.map(text)
}

fn inputmode(input: &Input) -> Option<&'static str> {
    match (input.is_number, input.is_decimal) {
        (_, true) => Some("decimal"),
        (true, false) => Some("numeric"),
        (false, false) => None,
    }
}

pub fn described_by(input: &Input, is_wrong: bool) -> Option<String> {
    let ids = [(input.hint.is_some(), "hint"), (is_wrong, "error")];
    let ids: Vec<String> = ids.iter().filter(|(is, _)| *is).map(|(_, id)| format!("{}-{id}", input.name)).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// What the last action had to say. Messages that name a field lead to it.
#[component]
pub fn Problems(flash: Flash) -> impl IntoView {
    let (class, role, icon) = if flash.is_error {
        ("alert alert-error", "alert", "alert")
    } else {
        ("alert alert-success", "status", "success")
    };
    let item = |(field, message): (String, String)| {
        let shown = if field.is_empty() {
            message.into_any()
        } else {
            view! { <a href=format!("#{field}")>{message}</a> }.into_any()
        };
        view! { <li>{shown}</li> }
    };
    let list = (!flash.messages.is_empty()).then(|| {
        view! { <ul class="alert-list">{flash.messages.into_iter().map(item).collect_view()}</ul> }
    });
    view! {
        <div class=class role=role tabindex="-1" id="problems">
            <Icon name=icon/>
            <h2 class="alert-title">{flash.title}</h2>
            {list}
        </div>
    }
}

/// Proves that a form was made for this session. In every form that posts.
#[component]
pub fn TokenField(token: String) -> impl IntoView {
    view! { <input type="hidden" name="form_token" value=token/> }
}
