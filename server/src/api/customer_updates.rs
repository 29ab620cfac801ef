//! `PUT` and `DELETE` of `/rest/customer` (`api.md` §2.4).

use axum::extract::Path;
use billing::customer_updates::{self, Updated};
use billing::customers::{self, AddressVerdict, CustomerKey};
use domain::ids::CustomerId;
use wire::customer_updates as xml;
use wire::customers::{warning, write};
use wire::status;

use super::input::{Api, Xml, path_id};
use super::reply::{Refusal, Reply};

pub async fn update(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let change = xml::read(&body)?;
    let zone = api.zone();
    let render = move |updated: &Updated| doubts(updated).unwrap_or_else(|| Reply::ok(write(&updated.customer, &zone)));
    api.answers_with(&render);
    let updated = customer_updates::update(&api.billing, api.access.org.id, &api.access.actor(), id, change).await?;
    Ok(render(&updated))
}

/// The answer when the customer is as it was told to be, and an address of it is doubtful.
pub fn doubts(Updated { customer, address }: &Updated) -> Option<Reply> {
    match address {
        AddressVerdict::NotChecked | AddressVerdict::Valid => None,
        AddressVerdict::Invalid(messages) => {
            let messages = messages.iter().map(String::as_str);
            Some(Reply::created(warning(customer.id, customer.ext_customer_ref.as_deref(), messages)))
        }
    }
}

pub async fn delete(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let render = |(): &()| Reply::ok(status::success());
    api.answers_with(&render);
    customer_updates::delete(&api.billing, api.access.org.id, &api.access.actor(), id).await?;
    Ok(render(&()))
}

/// The customer that path and query name.
pub async fn resolve(api: &Api, id: Option<Path<String>>) -> Result<CustomerId, Refusal> {
    api.params.format(&["xml"])?;
    let id = id.map(|Path(id)| path_id(&id, "customer").map(CustomerId)).transpose()?;
    let key = CustomerKey { id, ext_customer_ref: api.params.owned("extCustomerRef") };
    let mut view = api.billing.view(&api.access.org).await?;
    Ok(customers::resolve(&mut view, &key).await?)
}
