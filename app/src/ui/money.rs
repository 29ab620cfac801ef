//! Amounts, days and facts as pages show them.

pub use billing::display::money as amount;
use domain::dates::Date;
use domain::money::{Currency, Price};
use leptos::prelude::*;

/// `$165.00`, `$0.0165`
pub fn price(currency: Currency, price: Price) -> String {
    billing::display::prefix(currency) + &price.format(currency)
}

/// `September 30, 2026`
#[component]
pub fn Day(date: Date) -> impl IntoView {
    let shown = date.0.strftime("%B %-d, %Y").to_string();
    view! { <time datetime=date.to_string()>{shown}</time> }
}

/// A list of labels and values; `class` is `facts`, or a variant of it.
#[component]
pub fn Facts(class: &'static str, facts: Vec<(&'static str, AnyView)>) -> impl IntoView {
    let fact = |(label, value): (&'static str, AnyView)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> };
    view! { <dl class=class>{facts.into_iter().map(fact).collect_view()}</dl> }
}
