//! `PUT` and `DELETE` of `/rest/order` (`api.md` §4).

use axum::extract::Path;
use billing::{Unit, order_updates, orders};
use domain::ids::OrderId;
use wire::order_updates as xml;
use wire::status;

use super::input::{Api, Xml};
use super::previews::Effect;
use super::reply::{Refusal, Reply};

pub async fn update(api: Api, id: Option<Path<String>>, Xml(body): Xml) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    let update = xml::read(&body)?;
    let named = update.id.map(|id| id.0).into_iter().chain(update.customer.map(|id| id.0));
    let lines = update.lines.iter().flatten().filter_map(|line| line.id.map(|id| id.0));
    named.chain(lines).for_each(|id| api.caller.names(id));
    let update = &update;
    let work = async |unit: &mut Unit| order_updates::update(unit, id, update).await;
    api.unit(work, super::order_actions::shown(api.zone())).await
}

pub async fn delete(api: Api, id: Option<Path<String>>) -> Result<Reply, Refusal> {
    let id = resolve(&api, id).await?;
    api.unit(async |unit: &mut Unit| order_updates::delete(unit, id).await, |()| Reply::ok(status::success())).await
}

async fn resolve(api: &Api, id: Option<Path<String>>) -> Result<OrderId, Refusal> {
    let key = super::orders::key(api, id)?;
    Effect::only_real(api)?;
    Ok(orders::resolve(&mut api.billing.view(&api.access.org).await?, &key).await?)
}
