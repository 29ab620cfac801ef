//! HTML as text. What stands on every page and what repeats on one is written by templates, which costs a tenth of a view
//! for each element (`docs/decisions/0014-rows-are-written-as-text.md`).

use std::fmt::{Display, Formatter};

use askama::Template;
use askama::filters::HtmlSafe;
use html_escape::encode_text;
use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use leptos::tachys::view::IntoRender;

/// Finished HTML: whatever was text in it has been escaped. A child of views as well as a part of templates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Markup(String);

const WRITES: &str = "a template only writes to a text";

impl Markup {
    pub fn of(view: impl IntoView) -> Markup {
        Markup(view.into_view().to_html())
    }

    pub fn written(template: &impl Template) -> Markup {
        Markup(template.render().expect(WRITES))
    }

    /// What has been HTML before.
    pub(crate) fn finished(html: String) -> Markup {
        Markup(html)
    }
}

impl From<&str> for Markup {
    fn from(text: &str) -> Markup {
        Markup(encode_text(text).into_owned())
    }
}

impl From<String> for Markup {
    fn from(text: String) -> Markup {
        Markup::from(text.as_str())
    }
}

impl Display for Markup {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

impl IntoRender for Markup {
    type Output = InertElement;

    fn into_render(self) -> InertElement {
        InertElement::new(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_once_wherever_it_goes_through() {
        #[derive(Template)]
        #[template(source = r#"<b title="{{ text }}">{{ text }}</b>"#, ext = "html")]
        struct Own<'a> {
            text: &'a str,
        }
        let own = |text| Markup::written(&Own { text });
        let text = "<script>\"&'";
        assert_eq!(Markup::from(text).to_string(), "&lt;script&gt;\"&amp;'");
        let written = own(text).to_string();
        assert!(
            !written.contains("<script") && !written.contains("\"\"") && !written.contains("&amp;amp;"),
            "{written}"
        );
        let both = Markup::of(view! { <i>{text}</i>{own(text)} });
        let shown = view! { <p>{both.clone()}</p> }.to_html();
        assert!(shown.contains(&both.to_string()) && shown.contains(&written) && !shown.contains("<script"), "{shown}");
    }
}
