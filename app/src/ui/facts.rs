//! Days and facts as pages show them.

use askama::Template;
use domain::dates::Date;
use leptos::prelude::*;
use leptos::tachys::view::IntoRender;
use texts::Texts;

use crate::ui::Markup;

#[derive(Template)]
#[template(source = r#"<time datetime="{{ date }}">{{ day }}</time>"#, ext = "html")]
struct Day {
    date: Date,
    day: String,
}

/// `September 30, 2026`
pub fn day(t: Texts, date: Date) -> Markup {
    Markup::written(&Day { date, day: t.day(date) })
}

#[derive(Template)]
#[template(source = "<bdi>{{ text }}</bdi>", ext = "html")]
struct Own<'a> {
    text: &'a str,
}

/// What somebody has typed runs as it begins, whatever the page does.
pub fn own(text: &str) -> Markup {
    Markup::written(&Own { text })
}

#[derive(Template)]
#[template(source = r#"<a href="{{ to }}">{{ text }}</a>"#, ext = "html")]
struct Link<'a> {
    to: &'a str,
    text: &'a str,
}

pub fn link(to: &str, text: &str) -> Markup {
    Markup::written(&Link { to, text })
}

#[derive(Template)]
#[template(source = r#"<span class="amount">{{ sum }}</span>"#, ext = "html")]
struct Amount<'a> {
    sum: &'a str,
}

/// A sum that stands by itself.
pub fn amount(sum: &str) -> Markup {
    Markup::written(&Amount { sum })
}

/// A label and what it is about.
pub type Fact = (&'static str, Markup);

#[derive(Template)]
#[template(path = "facts.html")]
struct List {
    class: &'static str,
    facts: Vec<Fact>,
}

pub fn facts_list(class: &'static str, facts: Vec<Fact>) -> Markup {
    Markup::written(&List { class, facts })
}

/// A list of labels and values; `class` is `facts`, or a variant of it.
#[component]
pub fn Facts(class: &'static str, facts: Vec<Fact>) -> impl IntoView {
    facts_list(class, facts).into_render()
}
