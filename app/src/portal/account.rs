//! What the merchant knows of the customer.

use billing::Result;
use domain::contacts::Contact;
use domain::customers::Customer;
use leptos::prelude::*;

use crate::guard::Portal;
use crate::page::Page;
use crate::portal::invoices::lines;
use crate::ui::{Badge, Day, Facts, Place, Tab, customer_badge};

pub const HERE: Place = Place::new(Tab::Account, "account");

pub async fn load(portal: Portal) -> Result<Page> {
    let customer = portal.me.customer().await?;
    Ok(Page::signed_in(portal, HERE, "Account", move |portal| content(portal, &customer)))
}

fn content(portal: &Portal, customer: &Customer) -> impl IntoView + use<> {
    let org = portal.me.org.clone();
    let since = customer.created_at.date_in(&org.time_zone);
    let mut known = vec![("Name", customer.name.clone().into_any())];
    known.extend(customer.ext_customer_ref.clone().map(|reference| ("Customer number", reference.into_any())));
    known.push(("Status", view! { <Badge status=customer_badge(customer.status)/> }.into_any()));
    known.push(("Customer since", view! { <Day date=since/> }.into_any()));
    let sign_in = customer.billing_contact.username.clone().map(|username| {
        let facts = vec![("Username", username.into_any()), ("Password", "••••••••".into_any())];
        view! { <Section id="sign-in" title="Sign-in" text="What you use to open this page." facts/> }
    });
    let contact = contact(&customer.billing_contact);
    view! {
        <div class="page-head">
            <div>
                <h1>"Account"</h1>
                <p class="page-intro">{format!("To change any of this, write to {}.", org.name)}</p>
            </div>
        </div>
        <Section id="customer" title="Customer" text=format!("How {} knows you.", org.name) facts=known/>
        <Section id="billing-contact" title="Billing contact" text="Where invoices and receipts are sent." facts=contact/>
        {sign_in}
    }
}

fn contact(contact: &Contact) -> Vec<(&'static str, AnyView)> {
    let mut facts = vec![("Name", contact.full_name().into_any()), ("Email", contact.email_primary.clone().into_any())];
    let phone = contact.work_phone.clone().or_else(|| contact.cell_phone.clone());
    facts.extend(phone.map(|phone| ("Phone", phone.into_any())));
    let address = contact.address.fields.lines();
    facts.extend((!address.is_empty()).then(|| ("Address", lines(address).into_any())));
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
