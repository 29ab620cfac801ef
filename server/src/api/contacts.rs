//! `/rest/customer/…/billingContact` and `/rest/customer/…/salesContact` (`api.md` §2.4).

use axum::extract::Path;
use billing::customer_updates::{self, Updated};
use billing::{Error, customers};
use domain::changes::CustomerChange;
use domain::contacts::Contact;
use wire::contacts::write;
use wire::customer_updates as xml;
use wire::status;

use super::customer_updates::{doubts, resolve};
use super::input::{Api, Xml};
use super::reply::{Refusal, Reply};

const BILLING: &str = "billingContact";
const SALES: &str = "salesContact";

pub async fn billing_contact(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let customer = customers::get(&mut api.billing.view(&api.access.org).await?, id).await?;
    Ok(Reply::ok(write(BILLING, &customer.billing_contact)))
}

pub async fn sales_contact(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let customer = customers::get(&mut api.billing.view(&api.access.org).await?, id).await?;
    Ok(Reply::ok(write(SALES, found(customer.sales_contact.as_ref())?)))
}

pub async fn update_billing_contact(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let contact = Some(xml::read_contact(&body, BILLING)?);
    let change = CustomerChange { billing_contact: contact, ..CustomerChange::default() };
    let render = |updated: &Updated| {
        doubts(updated).unwrap_or_else(|| Reply::ok(write(BILLING, &updated.customer.billing_contact)))
    };
    api.answers_with(&render);
    let (org, actor) = (api.access.org.id, api.access.actor());
    Ok(render(&customer_updates::update(&api.billing, org, &actor, id, change).await?))
}

pub async fn update_sales_contact(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let change = xml::read_contact(&body, SALES)?;
    let render = |updated: &Updated| doubts(updated).unwrap_or_else(|| Reply::ok(of_sales(updated)));
    api.answers_with(&render);
    let (org, actor) = (api.access.org.id, api.access.actor());
    Ok(render(&customer_updates::update_sales_contact(&api.billing, org, &actor, id, change).await?))
}

pub async fn add_sales_contact(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.no_action()?;
    let id = resolve(&api, id).await?;
    let new = xml::read_new_contact(&body, SALES)?;
    let render = |updated: &Updated| doubts(updated).unwrap_or_else(|| Reply::created(of_sales(updated)));
    api.answers_with(&render);
    let (org, actor) = (api.access.org.id, api.access.actor());
    Ok(render(&customer_updates::add_sales_contact(&api.billing, org, &actor, id, new).await?))
}

pub async fn remove_sales_contact(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let render = |_: &Updated| Reply::ok(status::success());
    api.answers_with(&render);
    let (org, actor) = (api.access.org.id, api.access.actor());
    Ok(render(&customer_updates::remove_sales_contact(&api.billing, org, &actor, id).await?))
}

fn of_sales(updated: &Updated) -> String {
    let contact = updated.customer.sales_contact.as_ref();
    write(SALES, contact.expect("a sales contact that was just added or changed is there"))
}

fn found(contact: Option<&Contact>) -> Result<&Contact, Error> {
    contact.ok_or(Error::NotFound(SALES))
}
