//! `POST /rest/customers`: one customer, a list of them, or one with its orders (`api.md` §2.4).

use axum::http::HeaderName;
use axum::response::{IntoResponse, Response};
use billing::customer_batches;
use billing::customers::Created;
use billing::orders::Placed;
use jiff::tz::TimeZone;
use wire::customer_batches as xml;

use super::customers;
use super::input::{Api, Xml};
use super::reply::{Refusal, Reply};

const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");

pub async fn create(api: Api, body: Xml) -> Result<Response, Refusal> {
    match api.params.action()? {
        Some("addCustomerAndOrder") => create_with_orders(api, body).await,
        None if xml::is_list(&body.0) => Ok(create_all(api, body).await?.into_response()),
        Some(_) | None => Ok(customers::create(api, body).await?.into_response()),
    }
}

async fn create_all(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let new = xml::read(&body)?;
    let zone = api.zone();
    let render = move |created: &Vec<Created>| all_created(created, &zone);
    api.answers_with(&render);
    let created = customer_batches::create(&api.billing, api.access.org.id, &api.access.actor(), new).await?;
    Ok(render(&created))
}

fn all_created(created: &[Created], zone: &TimeZone) -> Reply {
    let numbered = (1..).zip(created);
    let said = |(number, created): (usize, &Created)| -> Vec<String> {
        created.address.messages().iter().map(|message| format!("customer[{number}]: {message}")).collect()
    };
    let warnings: Vec<String> = numbered.flat_map(said).collect();
    let customers = created.iter().map(|created| &created.customer);
    Reply::created(xml::write(customers, &warnings, zone))
}

/// Two calls do the same, so this one is on its way out.
async fn create_with_orders(api: Api, Xml(body): Xml) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let (new, orders) = xml::read_with_orders(&body)?;
    let (org, actor) = (&api.access.org, api.access.actor());
    let zone = api.zone();
    let render = move |(created, placed): &(Created, Vec<Placed>)| {
        let orders = placed.iter().map(|placed| (&placed.order, &placed.plan));
        Reply::created(xml::write_with_orders(&created.customer, orders, created.address.messages(), &zone))
    };
    api.answers_with(&render);
    let made = customer_batches::create_with_orders(&api.billing, org.id, &actor, new, orders).await?;
    Ok(([(DEPRECATION, "true")], render(&made)).into_response())
}
