//! Contact and address, to be changed. The e-mail address is not among them: whoever changes it takes the account over.

use std::sync::OnceLock;

use askama::Template;
use billing::Result;
use billing::customers::AddressVerdict;
use billing::portal::Changed;
use billing::sessions::Flash;
use domain::details::{DetailField, Details, Wrong};
use leptos::prelude::*;
use leptos::tachys::view::IntoRender;
use texts::{Language, Texts};

use crate::forms::{Answer, Form};
use crate::guard::Portal;
use crate::page::Page;
use crate::ui::{Choice, Input, Markup, Options, Place, Tab, field, select, token_field};

pub const HERE: Place = Place::new(Tab::Account, "account/details");

pub async fn load(portal: Portal) -> Result<Page> {
    let details = Details::of(&portal.me.profile().await?.billing_contact);
    let title = portal.texts.details_edit();
    Ok(Page::signed_in(portal, HERE, title, move |portal| content(portal, &details)))
}

#[derive(Template)]
#[template(path = "details.html")]
struct Written<'a> {
    t: Texts,
    token: Markup,
    first_name: Markup,
    last_name: Markup,
    work_phone: Markup,
    cell_phone: Markup,
    /// Where it is changed, by whoever may.
    email_link: Option<String>,
    merchant: &'a str,
    street1: Markup,
    street2: Markup,
    zip: Markup,
    city: Markup,
    state: Markup,
    country: Markup,
    cancel: String,
}

fn content(portal: &Portal, details: &Details) -> impl IntoView + use<> {
    let t = portal.texts;
    let flash = filled(portal.flash.as_ref(), details);
    let field = |of: DetailField| field(&input(t, of), &flash);
    Markup::written(&Written {
        t,
        token: token_field(&portal.form_token),
        first_name: field(DetailField::FirstName),
        last_name: field(DetailField::LastName),
        work_phone: field(DetailField::WorkPhone),
        cell_phone: field(DetailField::CellPhone),
        email_link: portal.me.contact.map(|_| HERE.to("security/email")),
        merchant: &portal.me.org.name,
        street1: field(DetailField::Street1),
        street2: field(DetailField::Street2),
        zip: field(DetailField::Zip),
        city: field(DetailField::City),
        state: field(DetailField::State),
        country: country(t, details, &flash),
        cancel: HERE.to("account"),
    })
    .into_render()
}

/// What was typed before, else what is stored.
fn filled(flash: Option<&Flash>, details: &Details) -> Flash {
    match flash.filter(|flash| flash.is_error) {
        Some(flash) => flash.clone(),
        None => Flash { values: values(details), ..Flash::default() },
    }
}

fn values(details: &Details) -> Vec<(String, String)> {
    DetailField::ALL.iter().map(|field| (field.to_string(), details.get(*field).to_owned())).collect()
}

fn input(t: Texts, field: DetailField) -> Input {
    let (label, autocomplete) = match field {
        DetailField::FirstName => (t.details_first_name(), "given-name"),
        DetailField::LastName => (t.details_last_name(), "family-name"),
        DetailField::WorkPhone => (t.details_work_phone(), "tel"),
        DetailField::CellPhone => (t.details_cell_phone(), "tel"),
        DetailField::Street1 => (t.details_street(), "address-line1"),
        DetailField::Street2 => (t.details_street_more(), "address-line2"),
        DetailField::Zip => (t.details_zip(), "postal-code"),
        DetailField::City => (t.details_city(), "address-level2"),
        DetailField::State => (t.details_state(), "address-level1"),
        DetailField::CountryCode => (t.details_country(), "country"),
    };
    let kind = if matches!(field, DetailField::WorkPhone | DetailField::CellPhone) { "tel" } else { "text" };
    let optional = (!field.is_required()).then(|| t.details_optional());
    let length_max = u32::try_from(field.length_max()).ok();
    Input { kind, length_max, optional, ..Input::text(field.as_str(), label, autocomplete) }
}

/// The list names countries in the visitor's language; the code that is stored may be of two or of three letters.
fn country(t: Texts, details: &Details, flash: &Flash) -> Markup {
    let input = input(t, DetailField::CountryCode);
    let code = flash.value(input.name).unwrap_or_else(|| details.get(DetailField::CountryCode));
    let chosen = t.country(code).map_or("", |(code, _)| code);
    select(&input, countries(t).choosing(chosen), flash)
}

/// All countries in the visitor's language, none of them chosen; written once for each language.
fn countries(t: Texts) -> &'static Options {
    static WRITTEN: [OnceLock<Options>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
    let place = Language::ALL.iter().position(|language| *language == t.language).unwrap_or_default();
    WRITTEN[place].get_or_init(|| {
        let none = Choice::new("", t.details_choose_country(), false);
        let countries = t.countries().iter().map(|(code, name)| Choice::new(*code, *name, false));
        std::iter::once(none).chain(countries).collect::<Vec<_>>().into()
    })
}

pub async fn change(portal: &Portal, form: &Form) -> Result<Answer> {
    let t = portal.texts;
    let details = Details::read(|field| form.get(field.as_str()).unwrap_or_default().to_owned());
    let country_name = |code: &str| t.country(code).map(|(_, name)| name.to_owned());
    Ok(match portal.me.change_details(&details, country_name).await? {
        Changed::Done(address) => Answer::to("account").saying(saved(t, &address)),
        Changed::Wrong(wrong) => Answer::to(HERE.page).saying(complaint(t, &details, &wrong)),
    })
}

fn saved(t: Texts, address: &AddressVerdict) -> Flash {
    let doubts = match address {
        AddressVerdict::NotChecked | AddressVerdict::Valid => Vec::new(),
        AddressVerdict::Invalid(_) => vec![(String::new(), t.details_doubtful().to_owned())],
    };
    Flash { title: t.details_saved().to_owned(), messages: doubts, ..Flash::default() }
}

fn complaint(t: Texts, details: &Details, wrong: &[(DetailField, Wrong)]) -> Flash {
    let message = |(field, wrong): &(DetailField, Wrong)| {
        let message = match wrong {
            Wrong::Missing => t.details_missing().to_owned(),
            Wrong::TooLong => t.details_too_long(field.length_max()),
            Wrong::NoCountry => t.details_unknown_country().to_owned(),
            Wrong::CardNumber => t.details_card_number().to_owned(),
        };
        (field.to_string(), format!("{}: {message}", input(t, *field).label))
    };
    let count = i64::try_from(wrong.len()).unwrap_or(i64::MAX);
    Flash {
        is_error: true,
        title: t.correct_fields(count),
        messages: wrong.iter().map(message).collect(),
        values: typed(details, wrong),
    }
}

/// What may be filled in again: nobody's session keeps a long text, or the number of a card.
fn typed(details: &Details, wrong: &[(DetailField, Wrong)]) -> Vec<(String, String)> {
    let is_card = |name: &str| wrong.iter().any(|(field, wrong)| *wrong == Wrong::CardNumber && field.as_str() == name);
    let is_kept = |(name, value): &(String, String)| value.chars().count() <= TYPED_MAX && !is_card(name);
    values(details).into_iter().filter(is_kept).collect()
}

/// Characters.
const TYPED_MAX: usize = 300;
