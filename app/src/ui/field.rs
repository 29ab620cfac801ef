//! Fields of forms: label, hint and error belong to the input, for eyes and for screen readers.

use std::borrow::Cow;

use askama::Template;
use billing::sessions::Flash;
use leptos::prelude::*;
use leptos::tachys::view::IntoRender;

use crate::ui::{Icon, Markup, icon};

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
    /// The id of a message elsewhere that says it is refused.
    pub refused_by: Option<&'static str>,
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
            refused_by: None,
        }
    }
}

#[derive(Template)]
#[template(path = "field.html")]
struct Written<'a> {
    input: &'a Input,
    label: Markup,
    icon: Option<Markup>,
    mode: Option<&'static str>,
    direction: Option<&'static str>,
    value: Option<&'a str>,
    is_wrong: bool,
    described: Option<String>,
    error: Markup,
}

/// One field, with what was typed and what was wrong before.
#[component]
pub fn Field(input: Input, flash: Option<Flash>) -> impl IntoView {
    field(&input, &flash.unwrap_or_default()).into_render()
}

pub fn field(input: &Input, flash: &Flash) -> Markup {
    let (error, value) = (flash.message(input.name), flash.value(input.name));
    // What is typed runs as it begins, whatever the page does. Groups of digits would stand in reverse in a page that
    // runs from right to left.
    let is_typed = value.is_some_and(|value| !value.is_empty());
    let direction = if input.is_number || input.is_decimal { Some("ltr") } else { is_typed.then_some("auto") };
    Markup::written(&Written {
        label: label(input),
        icon: input.icon.map(icon),
        mode: inputmode(input),
        direction,
        value,
        is_wrong: error.is_some() || input.refused_by.is_some(),
        described: described_by(input, error.is_some()),
        error: error.map(|error| error_text(input.name, error)).unwrap_or_default(),
        input,
    })
}

#[derive(Template)]
#[template(
    source = r#"<label for="{{ input.name }}">{{ input.label }}{% if let Some(optional) = input.optional %} <span class="field-optional">{{ optional }}</span>{% endif %}</label>"#,
    ext = "html"
)]
struct Label<'a> {
    input: &'a Input,
}

pub fn label(input: &Input) -> Markup {
    Markup::written(&Label { input })
}

pub fn error_text(name: &str, error: &str) -> Markup {
    let (id, error) = (format!("{name}-error"), error.to_owned());
    Markup::of(view! { <p class="field-error" id=id><Icon name="alert"/>" "{error}</p> })
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
    let own = ids.iter().filter(|(is, _)| *is).map(|(_, id)| format!("{}-{id}", input.name));
    let ids: Vec<String> = own.chain(input.refused_by.map(str::to_owned)).collect();
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

#[derive(Template)]
#[template(source = r#"<input type="hidden" name="form_token" value="{{ token }}">"#, ext = "html")]
struct Token<'a> {
    token: Cow<'a, str>,
}

pub fn token_field<'a>(token: impl Into<Cow<'a, str>>) -> Markup {
    Markup::written(&Token { token: token.into() })
}

/// Proves that a form was made for this session. In every form that posts.
#[component]
pub fn TokenField(token: String) -> impl IntoView {
    token_field(token).into_render()
}
