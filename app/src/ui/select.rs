//! A choice of one of a few.

use std::borrow::Cow;
use std::fmt::{Display, Formatter};

use askama::Template;
use askama::filters::HtmlSafe;
use billing::sessions::Flash;
use html_escape::{encode_double_quoted_attribute_to_string, encode_text_to_string};
use leptos::prelude::*;
use leptos::tachys::view::IntoRender;

use crate::ui::field::{described_by, error_text, label};
use crate::ui::{Input, Markup};

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
}

/// What can be chosen, as text: there are 249 countries, and a view of each takes several times as long as all of the page.
#[derive(Clone, Debug, Default)]
pub struct Options {
    html: Cow<'static, str>,
    /// The values, and where it would be said of each that it is chosen.
    places: Vec<(Cow<'static, str>, usize)>,
    /// Where it is said, unless it is said already.
    chosen_at: Option<usize>,
}

impl From<Vec<Choice>> for Options {
    fn from(choices: Vec<Choice>) -> Options {
        let mut html = String::new();
        let mut places = Vec::with_capacity(choices.len());
        for Choice { value, label, is_chosen } in choices {
            html.push_str("<option value=\"");
            encode_double_quoted_attribute_to_string(&value, &mut html);
            html.push('"');
            places.push((value, html.len()));
            html.push_str(if is_chosen { CHOSEN } else { "" });
            html.push('>');
            encode_text_to_string(&label, &mut html);
            html.push_str("</option>");
        }
        Options { html: html.into(), places, chosen_at: None }
    }
}

const CHOSEN: &str = " selected";

impl Options {
    /// The same once more, with this value chosen in place of none.
    pub fn choosing(&'static self, value: &str) -> Options {
        let chosen_at = self.places.iter().find(|(known, _)| known == value).map(|(_, place)| *place);
        Options { html: Cow::Borrowed(&self.html), places: Vec::new(), chosen_at }
    }
}

impl Display for Options {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let (before, after) = self.html.split_at(self.chosen_at.unwrap_or_default());
        f.write_str(before)?;
        f.write_str(self.chosen_at.map_or("", |_| CHOSEN))?;
        f.write_str(after)
    }
}

impl HtmlSafe for Options {}

#[derive(Template)]
#[template(path = "select.html")]
struct Written<'a> {
    input: &'a Input,
    label: Markup,
    options: Options,
    is_wrong: bool,
    described: Option<String>,
    error: Markup,
}

#[component]
pub fn Select(input: Input, #[prop(into)] options: Options, flash: Option<Flash>) -> impl IntoView {
    select(&input, options, &flash.unwrap_or_default()).into_render()
}

pub fn select(input: &Input, options: Options, flash: &Flash) -> Markup {
    let error = flash.message(input.name);
    Markup::written(&Written {
        label: label(input),
        options,
        is_wrong: error.is_some(),
        described: described_by(input, error.is_some()),
        error: error.map(|error| error_text(input.name, error)).unwrap_or_default(),
        input,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use super::*;

    static COUNTRIES: OnceLock<Options> = OnceLock::new();

    #[test]
    fn an_option_says_what_it_is_and_nothing_else() {
        let choices = vec![Choice::new("1\"><b>", "<b>Tom & Jo</b>", false), Choice::new("", String::from("2"), true)];
        let first = "<option value=\"1&quot;&gt;&lt;b&gt;\">&lt;b&gt;Tom &amp; Jo&lt;/b&gt;</option>";
        let options = Options::from(choices);
        assert_eq!(options.to_string(), format!("{first}<option value=\"\" selected>2</option>"));
        let choices = || vec![Choice::new("", "–", false), Choice::new("DE", "Germany", false)];
        let options = COUNTRIES.get_or_init(|| choices().into());
        for (value, expected) in [
            ("DE", "<option value=\"\">–</option><option value=\"DE\" selected>Germany</option>"),
            ("", "<option value=\"\" selected>–</option><option value=\"DE\">Germany</option>"),
            ("XX", "<option value=\"\">–</option><option value=\"DE\">Germany</option>"),
        ] {
            assert_eq!(options.choosing(value).to_string(), expected);
        }
    }
}
