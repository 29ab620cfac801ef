//! `GET /rest/customers`, their transitions, and what may be done with one (`api.md` §2.4, §2.7).

use axum::extract::{FromRequest, Path, Request, State};
use axum::response::{IntoResponse, Response};
use billing::customer_lists::{self, Filter};
use billing::customers::{self, CustomerKey};
use billing::transitions;
use domain::customers::Customer;
use domain::ids::CustomerId;
use domain::search::{TERM_MAX, Term};
use domain::transitions::{CustomerAction, Days};
use wire::lists as xml;

use super::input::{Api, WellFormed, Xml, path_id};
use super::lists::{self, Asked};
use super::reply::{Refusal, Reply};
use crate::state;

pub async fn list(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let org = &api.access.org;
    let (now, zone) = (api.billing.now(org), &org.time_zone);
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    let filter = Filter {
        search: asked.text("search", TERM_MAX).as_deref().and_then(Term::new),
        status: asked.parsed("status", str::parse),
        created: asked.minutes("createStartTime", "createEndTime", now, zone),
        updated: asked.minutes("updateStartTime", "updateEndTime", now, zone),
    };
    let filter = asked.result(filter)?;
    let mut view = api.billing.view(org).await?;
    let (customers, total) = customer_lists::list(&mut view, &filter, page).await?;
    Ok(lists::reply(xml::customers(customers.iter(), zone), page, total))
}

pub async fn transitions(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let org = &api.access.org;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    let (first, last) = (asked.date("startDate"), asked.date("endDate"));
    let days_ago = asked.integer("daysAgo", 0..=i64::MAX);
    let days = asked.result(Days::new(first, last, days_ago, api.billing.today(org)))?;
    let mut view = api.billing.view(org).await?;
    let listed = transitions::list(&mut view, days, page).await?;
    let members = listed.transitions.iter().map(|(transition, customer)| (transition, customer));
    Ok(lists::reply(xml::transitions(members, &org.time_zone), page, listed.total))
}

/// `POST /rest/customer/{id}?action=suspend`
pub async fn act(api: Api, Path(id): Path<String>, _: WellFormed) -> Result<Reply, Refusal> {
    let id = path_id(&id, "customer").map(CustomerId)?;
    act_on(&api, Some(id)).await
}

/// `POST /rest/customer`: with an action the same on the customer that `extCustomerRef` names, else a new customer.
pub async fn act_or_create(api: Api, State(state): State<state::State>, request: Request) -> Result<Response, Refusal> {
    if api.params.action()?.is_none() {
        let body = Xml::from_request(request, &state).await?;
        return Ok(super::customers::create(api, body).await?.into_response());
    }
    WellFormed::from_request(request, &state).await?;
    Ok(act_on(&api, None).await?.into_response())
}

async fn act_on(api: &Api, id: Option<CustomerId>) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let action: CustomerAction = match api.params.action()? {
        Some(name) => name.parse().map_err(|must| Refusal::bad_request(format!("action {must}.")))?,
        None => return Err(Refusal::bad_request(format!("action is required: {}.", CustomerAction::names()))),
    };
    let org = &api.access.org;
    let key = CustomerKey { id, ext_customer_ref: api.params.owned("extCustomerRef") };
    let mut view = api.billing.view(org).await?;
    let id = customers::resolve(&mut view, &key).await?;
    drop(view);
    let zone = api.zone();
    let render = move |customer: &Customer| Reply::ok(wire::customers::write(customer, &zone));
    api.answers_with(&render);
    let customer = transitions::act(&api.billing, org.id, &api.access.actor(), id, action).await?;
    Ok(render(&customer))
}
