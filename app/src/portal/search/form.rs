//! The form above a list. It asks by its address, so that what is looked for can be kept and sent on.

use billing::sessions::Flash;
use leptos::prelude::*;
use texts::Texts;

use super::{FROM, NUMBER, STATUS, TO, Typed, date};
use crate::ui::{Icon, Place, Problems, error_text};

const NUMBER_LENGTH_MAX: u32 = 50;

/// `states`: what can be asked for, and how it is called. `wrong`: fields and what is wrong with them.
#[component]
pub fn SearchForm(
    t: Texts,
    place: Place,
    typed: Typed,
    #[prop(optional)] has_number: bool,
    states: Vec<(&'static str, &'static str)>,
    wrong: Vec<(&'static str, String)>,
) -> impl IntoView {
    let label = if has_number { t.find_invoices() } else { t.find_payments() };
    let all =
        (typed != Typed::default()).then(|| view! { <a class="button" href=place.to(place.page)>{t.search_all()}</a> });
    let said = |name| wrong.iter().find(|(field, _)| *field == name).map(|(_, message)| message.clone());
    let (status_error, from_error, to_error) = (said(STATUS), said(FROM), said(TO));
    let Typed { number, status, from, to } = typed;
    let number = has_number.then(|| view! { <NumberField t typed=number/> });
    let status = view! { <StatusField t typed=status states error=status_error/> };
    let from = view! { <DayField name=FROM label=t.search_from() typed=from error=from_error/> };
    let to = view! { <DayField name=TO label=t.search_to() typed=to error=to_error/> };
    let count = i64::try_from(wrong.len()).unwrap_or(i64::MAX);
    let problems = (count > 0).then(|| {
        let messages = wrong.into_iter().map(|(field, message)| (field.to_owned(), message)).collect();
        let flash = Flash { is_error: true, title: t.correct_fields(count), messages, values: Vec::new() };
        view! { <Problems flash/> }
    });
    view! {
        {problems}
        <form class="filter" method="get" role="search" aria-label=label>
            {number}
            {status}
            {from}
            {to}
            <div class="filter-actions">
                <button class="button button-primary"><Icon name="search"/>" "{t.search_now()}</button>
                {all}
            </div>
        </form>
    }
}

#[component]
fn NumberField(t: Texts, typed: String) -> impl IntoView {
    view! {
        <div class="field">
            <label for=NUMBER>{t.number_begins_with()}</label>
            <input id=NUMBER name=NUMBER type="search" value=typed maxlength=NUMBER_LENGTH_MAX autocomplete="off" autocapitalize="none" spellcheck="false"/>
        </div>
    }
}

#[component]
fn StatusField(
    t: Texts,
    typed: String,
    states: Vec<(&'static str, &'static str)>,
    error: Option<String>,
) -> impl IntoView {
    // What is not in the list is kept, so that the answer shows what it is about.
    let other = error.is_some().then(|| view! { <option value=typed.clone() selected>{typed.clone()}</option> });
    let option = |(value, label): (&'static str, &'static str)| {
        view! { <option value=value selected=value == typed>{label}</option> }
    };
    view! {
        <div class="field">
            <label for=STATUS>{t.column_status()}</label>
            <select id=STATUS name=STATUS aria-invalid=error.as_ref().map(|_| "true") aria-describedby=error.as_ref().map(|_| error_id(STATUS))>
                <option value="">{t.any_status()}</option>
                {other}
                {states.into_iter().map(option).collect_view()}
            </select>
            {error.map(|error| error_text(STATUS, &error)).unwrap_or_default()}
        </div>
    }
}

/// A field for dates shows nothing but dates: what is none stands in a field for text.
#[component]
fn DayField(name: &'static str, label: &'static str, typed: String, error: Option<String>) -> impl IntoView {
    let kind = if date(&typed).is_ok() { "date" } else { "text" };
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name name=name type=kind value=typed min="1900-01-01" max="2999-12-31" aria-invalid=error.as_ref().map(|_| "true") aria-describedby=error.as_ref().map(|_| error_id(name))/>
            {error.map(|error| error_text(name, &error)).unwrap_or_default()}
        </div>
    }
}

fn error_id(name: &str) -> String {
    format!("{name}-error")
}
