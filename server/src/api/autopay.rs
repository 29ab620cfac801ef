//! `/rest/customer/{id}/autopay` (`api.md` §2.6): methods on file come in, and go out masked.

use axum::extract::Path;
use billing::customers::{self, CustomerKey};
use billing::payment_methods::{self, SaveRequest};
use domain::ids::CustomerId;
use domain::payment_methods::{PREFERENCES, PaymentMethod};
use wire::{autopay as xml, reader, status};

use super::input::{Api, Xml, path_id};
use super::reply::{Refusal, Reply};

pub async fn get(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let customer = customer(&api, id).await?;
    let org = &api.access.org;
    let methods = payment_methods::list(&mut api.billing.view(org).await?, customer).await?;
    Ok(Reply::ok(xml::write(&methods, api.billing.today(org), &org.time_zone)))
}

/// PUT, and POST as some clients do: a method takes the place of what was there, so both are the same.
pub async fn save(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let validate = api.params.boolean("validate")?;
    let new = xml::read(&body)?;
    let customer = customer(&api, id).await?;
    let request = SaveRequest { customer, new, validate };
    let render = |_: &PaymentMethod| Reply::ok(status::success());
    api.answers_with(&render);
    Ok(render(&payment_methods::save(&api.billing, &api.access.org, &api.access.actor(), request).await?))
}

pub async fn delete(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let preference = preference(&api)?;
    let customer = customer(&api, id).await?;
    let render = |(): &()| Reply::ok(status::success());
    api.answers_with(&render);
    payment_methods::delete(&api.billing, api.access.org.id, &api.access.actor(), customer, preference).await?;
    Ok(render(&()))
}

async fn customer(api: &Api, id: Option<Path<String>>) -> Result<CustomerId, Refusal> {
    let id = id.map(|Path(id)| path_id(&id, "customer").map(CustomerId)).transpose()?;
    let key = CustomerKey { id, ext_customer_ref: api.params.owned("extCustomerRef") };
    Ok(customers::resolve(&mut api.billing.view(&api.access.org).await?, &key).await?)
}

/// The method that a query names, by either spelling.
fn preference(api: &Api) -> Result<i64, Refusal> {
    let given = ["autopayPreference", "autopayPreferance"].into_iter().find_map(|name| api.params.get(name));
    let Some(text) = given else {
        return Err(Refusal::bad_request("autopayPreference is required: 1, 2 or 3."));
    };
    reader::integer("autopayPreference", text, &PREFERENCES).map_err(|problem| Refusal::bad_request(problem.message))
}
