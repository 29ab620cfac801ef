//! `/rest/orders` (`api.md` §4).

use billing::customers::{self, CustomerKey};
use billing::orders::{self, Invoicing};
use domain::ids::CustomerId;
use wire::customers::CustomerRef;
use wire::orders as xml;

use super::input::{Api, Xml};
use super::reply::{Refusal, Reply};

pub async fn create(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let invoicing = if api.params.boolean("generateInvoice")? { Invoicing::Now } else { Invoicing::Later };
    let request = xml::read(&body)?;
    let key = merge(api.params.customer_key()?, request.customer)?;
    key.id.into_iter().for_each(|id| api.caller.names(id.0));
    let org = &api.access.org;
    let customer = customers::resolve(&mut api.billing.view(org).await?, &key).await?;
    let (actor, order) = (api.access.actor(), &request.order);
    let placed =
        api.billing.unit(org.id, &actor, async |unit| orders::place(unit, customer, order, invoicing).await).await?;
    Ok(Reply::created(xml::write(&placed.order, &placed.plan, &placed.invoices, &org.time_zone)))
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
