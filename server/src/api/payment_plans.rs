//! `…/paymentPlan` of a customer, who is named in the path or in the query (`api.md` §2.8).

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use billing::Unit;
use billing::customers::{self, CustomerKey};
use billing::payment_plans::{self, Saved};
use domain::ids::CustomerId;
use domain::payment_plans::PaymentPlan;
use wire::payment_plans as xml;
use wire::status;

use super::input::{Api, Xml, path_id};
use super::reply::{Refusal, Reply};
use crate::state::State;

pub fn router() -> Router<State> {
    Router::new()
        .route("/rest/customers/paymentPlan", get(show).post(create).put(update).delete(disable))
        .route("/rest/customer/paymentPlan", get(show).post(create).put(update).delete(disable))
        .route("/rest/customers/{id}/paymentPlan", get(show).post(create).put(update).delete(disable))
        .route("/rest/customer/{id}/paymentPlan", get(show).post(create).put(update).delete(disable))
}

async fn show(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let customer = customer(&api, id).await?;
    let org = &api.access.org;
    let plan = payment_plans::get(&mut api.billing.view(org).await?, customer).await?;
    Ok(Reply::ok(xml::write(&plan, &org.time_zone)))
}

async fn create(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.no_action()?;
    let customer = customer(&api, id).await?;
    let request = &xml::read(&body)?;
    let zone = api.zone();
    let render = move |saved: &Saved| match saved {
        Saved::Created(plan) => Reply::created(xml::write(plan, &zone)),
        Saved::Updated(plan) => Reply::ok(xml::write(plan, &zone)),
    };
    api.unit(async |unit: &mut Unit| payment_plans::save(unit, customer, request).await, render).await
}

async fn update(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    let customer = customer(&api, id).await?;
    let request = &xml::read_change(&body)?;
    let zone = api.zone();
    let render = move |plan: &PaymentPlan| Reply::ok(xml::write(plan, &zone));
    api.unit(async |unit: &mut Unit| payment_plans::update(unit, customer, request).await, render).await
}

async fn disable(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let customer = customer(&api, id).await?;
    let work = async |unit: &mut Unit| payment_plans::disable(unit, customer).await.map(drop);
    api.unit(work, |()| Reply::ok(status::success())).await
}

/// The customer of the path, `id`, `customerId` and `extCustomerRef`; all that are given must agree.
async fn customer(api: &Api, path: Option<Path<String>>) -> Result<CustomerId, Refusal> {
    api.params.format(&["xml"])?;
    let mut ids = Vec::new();
    let path = path.map(|Path(id)| id);
    for text in [path.as_deref(), api.params.get("id"), api.params.get("customerId")].into_iter().flatten() {
        ids.push(CustomerId(path_id(text, "customer")?));
    }
    if !ids.iter().all(|id| *id == ids[0]) {
        return Err(Refusal::bad_request("The ids in the path and in the query name different customers."));
    }
    let key = CustomerKey { id: ids.first().copied(), ext_customer_ref: api.params.owned("extCustomerRef") };
    Ok(customers::resolve(&mut api.billing.view(&api.access.org).await?, &key).await?)
}
