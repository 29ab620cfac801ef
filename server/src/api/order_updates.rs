//! `PUT` and `DELETE` of `/rest/order` (`api.md` §4).

use axum::extract::Path;
use billing::{order_updates, orders};
use domain::ids::OrderId;
use wire::order_updates as xml;
use wire::{orders as order_xml, status};

use super::input::{Api, Xml};
use super::previews::Effect;
use super::reply::{Refusal, Reply};

pub async fn update(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let update = xml::read(&body)?;
    let named = update.id.map(|id| id.0).into_iter().chain(update.customer.map(|id| id.0));
    let lines = update.lines.iter().flatten().filter_map(|line| line.id.map(|id| id.0));
    named.chain(lines).for_each(|id| api.caller.names(id));
    let org = &api.access.org;
    let (actor, update) = (api.access.actor(), &update);
    let (order, plan) =
        api.billing.unit(org.id, &actor, async |unit| order_updates::update(unit, id, update).await).await?;
    Ok(Reply::ok(order_xml::write(&order, &plan, &[], &org.time_zone)))
}

pub async fn delete(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let (org, actor) = (api.access.org.id, api.access.actor());
    api.billing.unit(org, &actor, async |unit| order_updates::delete(unit, id).await).await?;
    Ok(Reply::ok(status::success()))
}

async fn resolve(api: &Api, id: Option<Path<String>>) -> Result<OrderId, Refusal> {
    let key = super::orders::key(api, id)?;
    Effect::only_real(api)?;
    Ok(orders::resolve(&mut api.billing.view(&api.access.org).await?, &key).await?)
}
