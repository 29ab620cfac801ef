//! What the merchant knows of the customer, and what of it the customer may change.

pub mod details;
pub mod language;

use askama::Template;
use billing::Result;
use billing::portal::Profile;
use domain::contacts::{AddressFields, Contact};
use leptos::prelude::*;
use leptos::tachys::view::IntoRender;
use texts::{Texts, locale_name};

use crate::guard::Portal;
use crate::page::Page;
use crate::portal::invoices::lines;
use crate::ui::{Fact, Markup, Place, Tab, badge, customer_badge, day, facts_list, own};

pub const HERE: Place = Place::new(Tab::Account, "account");

pub async fn load(portal: Portal) -> Result<Page> {
    let profile = portal.me.profile().await?;
    let title = portal.texts.account();
    Ok(Page::signed_in(portal, HERE, title, move |portal| content(portal, &profile)))
}

fn content(portal: &Portal, profile: &Profile) -> impl IntoView + use<> {
    let (t, merchant) = (portal.texts, portal.me.org.name.clone());
    let known = known(portal, profile);
    let contact = &profile.billing_contact;
    let sales = profile.sales_contact.as_ref().map(|contact| {
        let facts = facts(t, contact).into_iter().chain(address(t, &contact.address.fields)).collect();
        let text = t.details_sales_contact_text(&merchant);
        view! { <Section id="sales-contact" title=t.details_sales_contact() text facts/> }
    });
    let (contact, address) = (facts(t, contact), address(t, &contact.address.fields));
    let edit = || Some((details::HERE.page, t.details_edit()));
    let language = vec![(t.details_language(), locale_name(&portal.me.account.locale).into())];
    let autopay = vec![(t.methods_on_file(), methods(t, &profile.methods))];
    view! {
        <div class="page-head">
            <div>
                <h1>{t.account()}</h1>
                <p class="page-intro">{t.details_intro(&merchant)}</p>
            </div>
        </div>
        <Section id="customer" title=t.section_customer() text=t.section_customer_text(&merchant) facts=known/>
        <Section id="billing-contact" title=t.billing_contact() text=t.billing_contact_text() facts=contact link=edit()/>
        <Section id="billing-address" title=t.details_billing_address() text=t.details_billing_address_text() facts=address link=edit()/>
        <Section id="autopay" title=t.autopay() text=t.autopay_section_text() facts=autopay link=Some(("autopay", t.manage()))/>
        {sales}
        <Section id="language" title=t.details_language() text=t.details_language_text() facts=language link=Some((language::HERE.page, t.details_language_change()))/>
        <SignIn t/>
    }
}

/// How the customer signs in has pages of its own.
#[component]
fn SignIn(t: Texts) -> impl IntoView {
    view! {
        <section class="account-section" aria-labelledby="sign-in">
            <div>
                <h2 id="sign-in">{t.security()}</h2>
                <p>{t.security_text()}</p>
            </div>
            <div class="cluster"><a class="button" href=HERE.to("security")>{t.security()}</a></div>
        </section>
    }
}

/// What is on file, in the order in which it is charged.
fn methods(t: Texts, on_file: &[String]) -> Markup {
    if on_file.is_empty() {
        return t.none_yet().into();
    }
    lines(on_file.iter().map(|context| t.method(context)).collect())
}

fn known(portal: &Portal, profile: &Profile) -> Vec<Fact> {
    let (t, account) = (portal.texts, &portal.me.account);
    let since = profile.created_at.date_in(&portal.me.org.time_zone);
    let mut known = vec![(t.field_name(), own(&account.name))];
    known.extend(profile.ext_customer_ref.as_ref().map(|reference| (t.customer_number(), own(reference))));
    known.push((t.column_status(), badge(customer_badge(t, account.status))));
    known.push((t.customer_since(), day(t, since)));
    known
}

fn facts(t: Texts, contact: &Contact) -> Vec<Fact> {
    let mut facts = vec![(t.field_name(), own(&contact.full_name())), (t.field_email(), own(&contact.email_primary))];
    facts.extend(contact.work_phone.as_ref().map(|phone| (t.details_work_phone(), own(phone))));
    facts.extend(contact.cell_phone.as_ref().map(|phone| (t.details_cell_phone(), own(phone))));
    facts
}

fn address(t: Texts, address: &AddressFields) -> Vec<Fact> {
    let shown = address.lines();
    vec![(t.field_address(), if shown.is_empty() { "–".into() } else { lines(shown) })]
}

#[derive(Template)]
#[template(path = "section.html")]
struct Written<'a> {
    id: &'static str,
    title: &'static str,
    text: &'a str,
    /// Where something is changed, and what leads there.
    link: Option<(String, &'static str)>,
    content: Markup,
}

/// `link`: a page below the session's root, and what leads there.
#[component]
fn Section(
    id: &'static str,
    title: &'static str,
    #[prop(into)] text: String,
    facts: Vec<Fact>,
    #[prop(optional_no_strip)] link: Option<(&'static str, &'static str)>,
) -> impl IntoView {
    let link = link.map(|(page, label)| (HERE.to(page), label));
    Markup::written(&Written { id, title, text: &text, link, content: facts_list("facts", facts) }).into_render()
}
