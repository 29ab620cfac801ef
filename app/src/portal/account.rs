//! What the merchant knows of the customer.

use billing::Result;
use domain::contacts::Contact;
use domain::customers::Customer;
use leptos::prelude::*;
use texts::Texts;

use crate::guard::Portal;
use crate::page::Page;
use crate::portal::invoices::lines;
use crate::ui::{Badge, Day, Facts, Place, Tab, customer_badge};

pub const HERE: Place = Place::new(Tab::Account, "account");

pub async fn load(portal: Portal) -> Result<Page> {
    let customer = portal.me.customer().await?;
    let title = portal.texts.account();
    Ok(Page::signed_in(portal, HERE, title, move |portal| content(portal, &customer)))
}

fn content(portal: &Portal, customer: &Customer) -> impl IntoView + use<> {
    let t = portal.texts;
    let org = portal.me.org.clone();
    let since = customer.created_at.date_in(&org.time_zone);
    let mut known = vec![(t.field_name(), customer.name.clone().into_any())];
    known.extend(customer.ext_customer_ref.clone().map(|reference| (t.customer_number(), reference.into_any())));
    known.push((t.column_status(), view! { <Badge status=customer_badge(t, customer.status)/> }.into_any()));
    known.push((t.customer_since(), view! { <Day t date=since/> }.into_any()));
    let contact = contact(t, &customer.billing_contact);
    view! {
        <div class="page-head">
            <div>
                <h1>{t.account()}</h1>
                <p class="page-intro">{t.account_intro(&org.name)}</p>
            </div>
        </div>
        <Section id="customer" title=t.section_customer() text=t.section_customer_text(&org.name) facts=known/>
        <Section id="billing-contact" title=t.billing_contact() text=t.billing_contact_text() facts=contact/>
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

fn contact(t: Texts, contact: &Contact) -> Vec<(&'static str, AnyView)> {
    let mut facts = vec![
        (t.field_name(), contact.full_name().into_any()),
        (t.field_email(), contact.email_primary.clone().into_any()),
    ];
    let phone = contact.work_phone.clone().or_else(|| contact.cell_phone.clone());
    facts.extend(phone.map(|phone| (t.field_phone(), phone.into_any())));
    let address = contact.address.fields.lines();
    facts.extend((!address.is_empty()).then(|| (t.field_address(), lines(address).into_any())));
    facts
}

#[component]
fn Section(
    id: &'static str,
    title: &'static str,
    #[prop(into)] text: String,
    facts: Vec<(&'static str, AnyView)>,
) -> impl IntoView {
    view! {
        <section class="account-section" aria-labelledby=id>
            <div>
                <h2 id=id>{title}</h2>
                <p>{text}</p>
            </div>
            <Facts class="facts" facts/>
        </section>
    }
}
