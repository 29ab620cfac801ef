//! A choice of one of a few.

use std::borrow::Cow;

use billing::sessions::Flash;
use html_escape::{encode_double_quoted_attribute_to_string, encode_text_to_string};
use leptos::prelude::*;

use crate::ui::Input;
use crate::ui::field::{ErrorText, described_by, label};

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

/// What can be chosen, as text: there are 249 countries, and a view of each takes several times as long as all of the page.
#[derive(Clone, Debug, Default)]
pub struct Options(String);

impl From<Vec<Choice>> for Options {
    fn from(choices: Vec<Choice>) -> Options {
        let mut html = String::new();
        for choice in choices {
            choice.write(&mut html);
        }
        Options(html)
    }
}

impl Options {
    /// The same once more, with this value chosen in place of none. The value is one of a few that need no escape.
    pub fn choosing(&self, value: &str) -> Options {
        let option = format!("<option value=\"{value}\">");
        let chosen = format!("<option value=\"{value}\" selected>");
        Options(self.0.replacen(&option, &chosen, 1))
    }
}

#[component]
pub fn Select(input: Input, #[prop(into)] options: Options, flash: Option<Flash>) -> impl IntoView {
    let name = input.name;
    let error = flash.and_then(|flash| flash.message(name).map(str::to_owned));
    let described = described_by(&input, error.is_some());
    let invalid = error.as_ref().map(|_| "true");
    view! {
        <div class="field">
            {label(&input)}
            <select
                id=name
                name=name
                autocomplete=input.autocomplete
                aria-invalid=invalid
                aria-describedby=described
                inner_html=options.0
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
        let options = Options::from(choices);
        assert_eq!(options.0, format!("{first}<option value=\"\" selected>2</option>"));
        let options = Options::from(vec![Choice::new("", "–", false), Choice::new("DE", "Germany", false)]);
        assert_eq!(
            options.choosing("DE").0,
            "<option value=\"\">–</option><option value=\"DE\" selected>Germany</option>"
        );
        assert_eq!(
            options.choosing("").0,
            "<option value=\"\" selected>–</option><option value=\"DE\">Germany</option>"
        );
    }
}
