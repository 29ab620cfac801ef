//! `/rest/customer(s)` (`api.md` §2.4).

use axum::extract::Path;
use billing::customers::{self, AddressVerdict, Created, CustomerKey};
use domain::ids::CustomerId;
use jiff::tz::TimeZone;
use wire::customers as xml;

use super::input::{Api, Xml, path_id};
use super::reply::{Refusal, Reply};

pub async fn get(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let id = id.map(|Path(id)| path_id(&id, "customer").map(CustomerId)).transpose()?;
    let key = CustomerKey { id, ext_customer_ref: api.params.owned("extCustomerRef") };
    let mut view = api.billing.view(&api.access.org).await?;
    let id = customers::resolve(&mut view, &key).await?;
    let customer = customers::get(&mut view, id).await?;
    Ok(Reply::ok(xml::write(&customer, &api.access.org.time_zone)))
}

pub async fn create(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let new = xml::read(&body)?;
    let zone = api.zone();
    let render = move |created: &Created| reply(created, &zone);
    api.answers_with(&render);
    let created = customers::create(&api.billing, api.access.org.id, &api.access.actor(), new).await?;
    Ok(render(&created))
}

fn reply(Created { customer, address }: &Created, zone: &TimeZone) -> Reply {
    match address {
        AddressVerdict::NotChecked => Reply::created(xml::write(customer, zone)),
        AddressVerdict::Valid => Reply::ok(xml::write(customer, zone)),
        AddressVerdict::Invalid(messages) => {
            let messages = messages.iter().map(String::as_str);
            Reply::created(xml::warning(customer.id, customer.ext_customer_ref.as_deref(), messages))
        }
    }
}
