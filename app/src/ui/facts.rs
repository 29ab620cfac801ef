//! Days and facts as pages show them.

use domain::dates::Date;
use leptos::prelude::*;
use texts::Texts;

/// `September 30, 2026`
#[component]
pub fn Day(t: Texts, date: Date) -> impl IntoView {
    view! { <time datetime=date.to_string()>{t.day(date)}</time> }
}

/// A list of labels and values; `class` is `facts`, or a variant of it.
#[component]
pub fn Facts(class: &'static str, facts: Vec<(&'static str, AnyView)>) -> impl IntoView {
    let fact = |(label, value): (&'static str, AnyView)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    view! { <dl class=class>{facts.into_iter().map(fact).collect_view()}</dl> }
}
