//! What is done with one order, and `/rest/changeOrder` (`api.md` §4).

use axum::extract::{FromRequest, Path, Request, State};
use billing::orders::{self, OrderKey};
use billing::{Unit, change_orders, order_actions};
use domain::ids::OrderId;
use domain::invoices::FullInvoice;
use domain::orders::{Order, OrderStatus};
use domain::plans::Plan;
use jiff::tz::TimeZone;
use wire::{change_orders as change_xml, invoices as invoice_xml, orders as xml};

use super::input::{Api, WellFormed, Xml};
use super::previews::Effect;
use super::reply::{Refusal, Reply};
use crate::state;

/// `POST /rest/order/{id}?action=suspend`
pub async fn act(api: Api, id: Path<String>, _: WellFormed) -> Result<Reply, Refusal> {
    act_on(&api, Some(id)).await
}

/// `POST /rest/order`: with an action the same on the order that `orderNumber` names, else a new order.
pub async fn act_or_create(api: Api, State(state): State<state::State>, request: Request) -> Result<Reply, Refusal> {
    if api.params.action()?.is_none() {
        let body = Xml::from_request(request, &state).await?;
        return super::orders::create(api, body).await;
    }
    WellFormed::from_request(request, &state).await?;
    act_on(&api, None).await
}

async fn act_on(api: &Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let key = super::orders::key(api, id)?;
    let action = api.params.action()?;
    let to = match action {
        Some("generateInvoice") => return generate_invoice(api, &key).await,
        Some("suspend") => OrderStatus::Suspended,
        Some("activate") => OrderStatus::Active,
        Some("cancel") => OrderStatus::Canceled,
        Some(_) | None => {
            return Err(Refusal::bad_request("action must be one of suspend, activate, cancel, generateInvoice."));
        }
    };
    Effect::only_real(api)?;
    let id = resolve(api, &key).await?;
    api.unit(async |unit: &mut Unit| order_actions::act(unit, id, to).await, shown(api.zone())).await
}

/// How an order that was changed is answered.
pub fn shown(zone: TimeZone) -> impl Fn(&(Order, Plan)) -> Reply + Clone + Send + Sync + 'static {
    move |(order, plan)| Reply::ok(xml::write(order, plan, &[], &zone))
}

async fn resolve(api: &Api, key: &OrderKey) -> Result<OrderId, Refusal> {
    Ok(orders::resolve(&mut api.billing.view(&api.access.org).await?, key).await?)
}

async fn generate_invoice(api: &Api, key: &OrderKey) -> Result<Reply, Refusal> {
    let effect = Effect::of(api)?;
    let id = resolve(api, key).await?;
    let work = async |unit: &mut Unit| order_actions::generate_invoice(unit, id).await;
    let zone = api.zone();
    let render = move |invoices: &Vec<FullInvoice>| {
        Reply::ok(match invoices.as_slice() {
            [one] => invoice_xml::write(one, &zone),
            several => invoice_xml::write_list(several.iter(), &zone),
        })
    };
    effect.carry_out(api, work, render).await
}

/// `POST /rest/changeOrder`
pub async fn change(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let effect = Effect::of(&api)?;
    let request = change_xml::read(&body)?;
    let named = request.order.id.map(|id| id.0).into_iter();
    let customer = request.new.customer.as_ref().and_then(|customer| customer.id);
    named.chain(customer).for_each(|id| api.caller.names(id));
    let key = OrderKey { id: request.order.id, number: request.order.number };
    let id = resolve(&api, &key).await?;
    check_customer(&api, &key, request.new.customer).await?;
    let (effective_on, new) = (request.effective_on, &request.new.order);
    let work = async |unit: &mut Unit| change_orders::change(unit, id, effective_on, new).await;
    effect.carry_out(&api, work, super::orders::placed(effect, api.zone())).await
}

/// The customer stays the same; who names one, names that.
async fn check_customer(api: &Api, key: &OrderKey, named: Option<wire::customers::CustomerRef>) -> Result<(), Refusal> {
    if named.is_none() {
        return Ok(());
    }
    let customer = super::orders::merge(billing::customers::CustomerKey::default(), named)?;
    let mut view = api.billing.view(&api.access.org).await?;
    let named = billing::customers::resolve(&mut view, &customer).await?;
    let (order, _) = orders::get(&mut view, key).await?;
    if order.customer == named {
        return Ok(());
    }
    Err(Refusal::bad_request("newOrder/customer must be that of the order which is changed, or be left out."))
}
