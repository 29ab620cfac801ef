//! `/rest/order(s)`: placing, finding and listing them (`api.md` §4).

use axum::extract::Path;
use axum::response::Response;
use billing::customers::{self, CustomerKey};
use billing::orders::{self, Invoicing, OrderKey, Placed};
use billing::{order_batches, order_lists};
use domain::customers::EXT_CUSTOMER_REF_MAX;
use domain::ids::{CustomerId, OrderId};
use domain::orders::OrderFilter;
use domain::time_ranges::DateRange;
use jiff::tz::TimeZone;
use wire::customers::CustomerRef;
use wire::order_batches as list_xml;
use wire::orders::{self as xml, OrderRequest};

use super::input::{Api, Xml, path_id};
use super::lists::{self, Asked};
use super::previews::Effect;
use super::reply::{Refusal, Reply};

pub async fn get(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let key = key(&api, id)?;
    let org = &api.access.org;
    let (order, plan) = orders::get(&mut api.billing.view(org).await?, &key).await?;
    Ok(Reply::ok(xml::write(&order, &plan, &[], &org.time_zone)))
}

/// The order that path and query name.
pub fn key(api: &Api, id: Option<Path<String>>) -> Result<OrderKey, Refusal> {
    api.params.format(&["xml"])?;
    let id = id.map(|Path(id)| path_id(&id, "order").map(OrderId)).transpose()?;
    Ok(OrderKey { id, number: api.params.owned("orderNumber") })
}

pub async fn list(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let org = &api.access.org;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    let status = asked.parsed("status", str::parse);
    let started = DateRange { first: asked.date("startDate"), last: asked.date("endDate") };
    let id = asked.integer("customerId", 1..=i64::MAX).map(CustomerId);
    let of = CustomerKey { id, ext_customer_ref: asked.text("extCustomerRef", EXT_CUSTOMER_REF_MAX) };
    let filter = asked.result(OrderFilter { status, started, ..OrderFilter::default() })?;
    let listed = order_lists::list(&mut api.billing.view(org).await?, filter, &of, page).await?;
    Ok(lists::reply(list_xml::write(listed.members(), &org.time_zone), page, listed.total))
}

/// One order, or a `<list>` of them.
pub async fn create(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let effect = Effect::of(&api)?;
    let invoicing = if api.params.boolean("generateInvoice")? { Invoicing::Now } else { Invoicing::Later };
    if list_xml::is_list(&body) {
        return place_all(&api, effect, list_xml::read(&body)?, invoicing).await;
    }
    let OrderRequest { order, customer } = xml::read(&body)?;
    let customer = customer_of(&api, customer).await?;
    let order = &order;
    let work = async |unit: &mut billing::Unit| orders::place(unit, customer, order, invoicing).await;
    effect.carry_out(&api, work, placed(effect, api.zone())).await
}

/// How an order that was placed is answered.
pub fn placed(effect: Effect, zone: TimeZone) -> impl Fn(&Placed) -> Reply + Clone + Send + Sync + 'static {
    move |placed| effect.reply(xml::write(&placed.order, &placed.plan, &placed.invoices, &zone))
}

async fn place_all(
    api: &Api,
    effect: Effect,
    requests: Vec<OrderRequest>,
    invoicing: Invoicing,
) -> Result<Reply, Refusal> {
    let mut orders = Vec::with_capacity(requests.len());
    for OrderRequest { order, customer } in requests {
        orders.push((customer_of(api, customer).await?, order));
    }
    let orders = &orders;
    let work = async |unit: &mut billing::Unit| order_batches::place_all(unit, orders, invoicing).await;
    let zone = api.zone();
    let render = move |placed: &Vec<Placed>| {
        let members = placed.iter().map(|placed| (&placed.order, &placed.plan, placed.invoices.as_slice()));
        effect.reply(list_xml::write_placed(members, &zone))
    };
    effect.carry_out(api, work, render).await
}

async fn customer_of(api: &Api, body: Option<CustomerRef>) -> Result<CustomerId, Refusal> {
    let key = merge(api.params.customer_key()?, body)?;
    key.id.into_iter().for_each(|id| api.caller.names(id.0));
    Ok(customers::resolve(&mut api.billing.view(&api.access.org).await?, &key).await?)
}

/// The customer of query and body together; what both say must agree.
pub fn merge(query: CustomerKey, body: Option<CustomerRef>) -> Result<CustomerKey, Refusal> {
    let Some(body) = body else { return Ok(query) };
    let body_id = body.id.map(CustomerId);
    let differs = query.id.is_some() && body_id.is_some() && query.id != body_id
        || query.ext_customer_ref.is_some()
            && body.ext_customer_ref.is_some()
            && query.ext_customer_ref != body.ext_customer_ref;
    if differs {
        return Err(Refusal::bad_request("The customer in the body is another than the one in the query."));
    }
    Ok(CustomerKey { id: query.id.or(body_id), ext_customer_ref: query.ext_customer_ref.or(body.ext_customer_ref) })
}
