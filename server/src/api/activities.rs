//! `/rest/activities`, and those of one order (`api.md` §4, §4.1).

use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use billing::Unit;
use billing::activities::{self, Asked as AskedActivities};
use domain::activities::FullActivity;
use domain::contacts::TEXT_MAX;
use domain::customers::EXT_CUSTOMER_REF_MAX;
use domain::ids::{CustomerId, OrderId};
use domain::orders::ORDER_NUMBER_MAX;
use domain::time_ranges::DateRange;
use domain::usage::ACTIVITIES_SHOWN_MAX;
use wire::activities::{self as xml, ActivityRequest, Implied};
use wire::customers::CustomerRef;
use wire::orders::OrderRef;

use super::input::{Api, LongXml, path_id};
use super::lists::{self, Asked};
use super::reply::{Refusal, Reply};
use crate::state::State;

/// Activities of a page when nobody says how many.
const PAGE: i64 = 50;

pub fn router() -> Router<State> {
    Router::new()
        .route("/rest/order/activities", post(create_of_order))
        .route("/rest/order/{id}/activities", post(create_of_order))
        .route("/rest/activities", get(list).post(create))
}

async fn list(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let org = &api.access.org;
    let mut asked = Asked::of(&api.params);
    let page = asked.page_by("max", PAGE, ACTIVITIES_SHOWN_MAX);
    let filter = AskedActivities {
        customer: asked.integer("customerId", 1..=i64::MAX).map(CustomerId),
        ext_customer_ref: asked.text("extCustomerRef", EXT_CUSTOMER_REF_MAX),
        order_number: asked.text("orderNumber", ORDER_NUMBER_MAX),
        invoice_number: asked.text("invoiceNumber", TEXT_MAX),
        price_code: asked.text("priceCode", TEXT_MAX),
        charged: DateRange { first: asked.date("beginDate"), last: asked.date("endDate") },
    };
    let filter = asked.result(filter)?;
    let mut view = api.billing.view(org).await?;
    let (activities, total) = activities::list(&mut view, &filter, page).await?;
    Ok(lists::reply(xml::write(activities.iter(), &org.time_zone), page, total))
}

async fn create(api: Api, LongXml(body): LongXml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let requests = xml::read(&body)?;
    for request in &requests {
        request.customer.id.into_iter().for_each(|id| api.caller.names(id));
        request.order.id.into_iter().for_each(|id| api.caller.names(id.0));
    }
    record(&api, &requests).await
}

async fn create_of_order(api: Api, id: Option<Path<String>>, LongXml(body): LongXml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let id = id.map(|Path(id)| path_id(&id, "order").map(OrderId)).transpose()?;
    let mut view = api.billing.view(&api.access.org).await?;
    let order = activities::order(&mut view, id, api.params.get("orderNumber")).await?;
    drop(view);
    let (number, ext_customer_ref) = (order.number.as_str(), order.ext_customer_ref.as_deref());
    let implied = Implied { order: order.id, number, customer: order.customer, ext_customer_ref };
    let of_order = |activity| ActivityRequest {
        customer: CustomerRef { id: Some(order.customer.0), ext_customer_ref: None },
        order: OrderRef { id: Some(order.id), number: None },
        activity,
    };
    let requests: Vec<ActivityRequest> = xml::read_of_order(&body, implied)?.into_iter().map(of_order).collect();
    record(&api, &requests).await
}

async fn record(api: &Api, requests: &[ActivityRequest]) -> Result<Reply, Refusal> {
    let zone = api.zone();
    let render = move |recorded: &Vec<FullActivity>| Reply::created(xml::write(recorded.iter(), &zone));
    api.unit(async |unit: &mut Unit| activities::record(unit, requests).await, render).await
}
