//! A choice of one of a few.

use std::borrow::Cow;

use billing::sessions::Flash;
use html_escape::{encode_double_quoted_attribute_to_string, encode_text_to_string};
use leptos::prelude::*;

use crate::ui::Input;
use crate::ui::field::{ErrorText, Label, described_by};

#[derive(Clone, Debug)]
pub struct Choice {
    value: Cow<'static, str>,
    label: Cow<'static, str>,
    is_chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<Cow<'static, str>>, label: impl Into<Cow<'static, str>>, is_chosen: bool) -> Choice {
        Choice { value: value.into(), label: label.into(), is_chosen }
    }

    fn write(&self, html: &mut String) {
        html.push_str("<option value=\"");
        encode_double_quoted_attribute_to_string(&self.value, html);
        html.push_str(if self.is_chosen { "\" selected>" } else { "\">" });
        encode_text_to_string(&self.label, html);
        html.push_str("</option>");
    }
}

/// As text: there are 249 countries, and a view of each takes several times as long as all of the page.
fn options(choices: Vec<Choice>) -> String {
    let mut html = String::new();
    for choice in choices {
        choice.write(&mut html);
    }
    html
}

#[component]
pub fn Select(input: Input, choices: Vec<Choice>, flash: Option<Flash>) -> impl IntoView {
    let name = input.name;
    let error = flash.and_then(|flash| flash.message(name).map(str::to_owned));
    let described = described_by(&input, error.is_some());
    let invalid = error.as_ref().map(|_| "true");
    view! {
        <div class="field">
            <Label input/>
            <select
                id=name
                name=name
                autocomplete=input.autocomplete
                aria-invalid=invalid
                aria-describedby=described
                inner_html=options(choices)
            ></select>
            {input.hint.map(|hint| view! { <p class="field-hint" id=format!("{name}-hint")>{hint}</p> })}
            <ErrorText name error/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_says_what_it_is_and_nothing_else() {
        let choices = vec![Choice::new("1\"><b>", "<b>Tom & Jo</b>", false), Choice::new("", String::from("2"), true)];
        let first = "<option value=\"1&quot;&gt;&lt;b&gt;\">&lt;b&gt;Tom &amp; Jo&lt;/b&gt;</option>";
        assert_eq!(options(choices), format!("{first}<option value=\"\" selected>2</option>"));
    }
}
