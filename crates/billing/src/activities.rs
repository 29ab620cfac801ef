//! Usage comes in, and is shown (`api.md` §4.1). It is rated when its period is billed.
//!
//! A list of activities is stored whole or not at all. One that was stored before, by its reference and with the same
//! content, is answered as it stands now and not stored again: whoever lost the answer may send the list once more.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use domain::activities::{ActivityFilter, FullActivity};
use domain::checks::Problems;
use domain::ids::{ActivityBatchId, ActivityId, CustomerId, OrderId, PlanId, PlanVersionId};
use domain::orders::Order;
use domain::plans::Plan;
use domain::time_ranges::DateRange;
use domain::usage::{Activity, ActivityStatus};
use store::Page;
use store::activities::NewActivity;
use wire::activities::ActivityRequest;

use crate::{Error, Result, Unit, View};

/// The order that an address names, and whose it is.
#[derive(Debug)]
pub struct OrderOfUsage {
    pub id: OrderId,
    pub number: String,
    pub customer: CustomerId,
    pub ext_customer_ref: Option<String>,
}

/// By id, by number, or by both, which must agree.
pub async fn order(view: &mut View, id: Option<OrderId>, number: Option<&str>) -> Result<OrderOfUsage> {
    let (conn, org) = (&mut view.conn, view.org.id);
    let by_number = match number {
        Some(number) => Some(store::orders::find_id(conn, org, number).await?.ok_or(Error::NotFound("order"))?),
        None => None,
    };
    let id = match (id, by_number) {
        (Some(id), Some(other)) if id != other => {
            return Err(Error::invalid("orderNumber", "orderNumber names another order than the id does."));
        }
        (Some(id), _) | (None, Some(id)) => id,
        (None, None) => {
            let message = "The order is missing: give its id in the path, or orderNumber in the query.";
            return Err(Error::invalid("orderNumber", message));
        }
    };
    let order = store::orders::find(conn, org, id).await?.ok_or(Error::NotFound("order"))?;
    let customer = store::customers::find(conn, org, order.customer).await?.ok_or(Error::NotFound("order"))?;
    let ext_customer_ref = customer.ext_customer_ref;
    Ok(OrderOfUsage { id, number: order.number, customer: customer.id, ext_customer_ref })
}

/// Stores activities, and answers all of them in the order given. Each problem begins with its activity,
/// `activity[2]: `, counted from 1.
pub async fn record(unit: &mut Unit, requests: &[ActivityRequest]) -> Result<Vec<FullActivity>> {
    let known = Known::load(unit, requests).await?;
    let decided = decide(unit, &known, requests)?;
    let new = decided.iter().filter(|it| matches!(it, Decided::New(_))).count();
    let mut ids = unit.take_ids(if new == 0 { 0 } else { new + 1 }).await?.into_iter();
    let batch = ids.next().map(ActivityBatchId);
    let (mut rows, mut shown) = (Vec::with_capacity(new), Vec::with_capacity(decided.len()));
    for one in decided {
        let activity = match one {
            Decided::Stored(stored) => stored,
            Decided::New(place) => {
                let id = ids.next().map(ActivityId).ok_or_else(|| Error::bug("ids were counted before"))?;
                let activity = FullActivity { id, batch, ..place.activity };
                rows.push(row(&activity, place.is_late));
                activity
            }
        };
        shown.push(activity);
    }
    store::activities::insert(&mut unit.tx, unit.org.id, &rows, unit.now).await.map_err(duplicate)?;
    Ok(shown)
}

fn row(activity: &FullActivity, is_late: bool) -> NewActivity {
    NewActivity {
        activity: Activity {
            id: activity.id,
            order_line: activity.order_line,
            quantity: activity.quantity,
            charged_on: activity.charged_on,
            charge_ended_on: activity.charge_ended_on,
        },
        batch: activity.batch,
        customer: activity.customer,
        order: activity.order,
        ext_ref_id: activity.ext_ref_id.clone(),
        invoice_text: activity.invoice_text.clone(),
        is_late,
    }
}

/// Two calls for different customers at the same time: both found the reference free, one of them was first.
fn duplicate(error: store::Error) -> Error {
    if store::is_unique_violation(&error) {
        Error::invalid("extRefId", "An extRefId of the list is already used by another activity; it must be unique.")
    } else {
        error.into()
    }
}

/// What the activities of a list name, and what is stored of them already.
struct Known {
    customers: HashMap<String, CustomerId>,
    numbers: HashMap<String, OrderId>,
    orders: HashMap<OrderId, Order>,
    plans: HashMap<(PlanId, Option<PlanVersionId>), Plan>,
    stored: HashMap<String, FullActivity>,
}

impl Known {
    /// Few statements, however many activities; the customers stay locked, so that no run bills them meanwhile.
    async fn load(unit: &mut Unit, requests: &[ActivityRequest]) -> Result<Known> {
        let org = unit.org.id;
        let references = distinct(requests.iter().filter_map(|it| it.customer.ext_customer_ref.as_deref()));
        let customers = store::activity_orders::customers(&mut unit.tx, org, &references).await?;
        let numbers = distinct(requests.iter().filter_map(|it| it.order.number.as_deref()));
        let numbers = store::activity_orders::orders(&mut unit.tx, org, &numbers).await?;
        let ids = distinct(requests.iter().filter_map(|it| it.order.id).chain(numbers.values().copied()));
        store::activity_orders::lock_customers(&mut unit.tx, org, &ids).await?;
        let orders = store::activity_orders::all(&mut unit.tx, org, &ids).await?;
        let plans = plans(unit, &orders).await?;
        let orders = orders.into_iter().map(|order| (order.id, order)).collect();
        let references = distinct(requests.iter().filter_map(|it| it.activity.ext_ref_id.as_deref()));
        let stored = store::activity_lists::with_references(&mut unit.tx, org, &references).await?;
        let stored = stored.into_iter().filter_map(|activity| Some((activity.ext_ref_id.clone()?, activity))).collect();
        Ok(Known { customers, numbers, orders, plans, stored })
    }

    /// The order of an activity, where it is its customer's.
    fn order(&self, request: &ActivityRequest) -> Result<&Order, Problems> {
        let by_number = request.order.number.as_ref().map(|number| self.numbers.get(number).copied());
        let named = [request.order.id.map(Some), by_number];
        let named: Vec<Option<OrderId>> = named.into_iter().flatten().collect();
        let order = named.first().copied().flatten().and_then(|id| self.orders.get(&id));
        let Some(order) = order.filter(|order| named.iter().all(|id| *id == Some(order.id))) else {
            return Err(Problems::one("order", "order must name an order, by its id, its orderNumber, or both."));
        };
        let by_reference = request.customer.ext_customer_ref.as_ref().map(|it| self.customers.get(it).copied());
        let customers = [request.customer.id.map(|id| Some(CustomerId(id))), by_reference];
        if customers.into_iter().flatten().any(|customer| customer != Some(order.customer)) {
            return Err(Problems::one("customer", "customer must be the customer of the order."));
        }
        Ok(order)
    }
}

/// Sorted, so that those who lock the same rows do it in the same order.
fn distinct<T: Ord>(given: impl Iterator<Item = T>) -> Vec<T> {
    let mut distinct: Vec<T> = given.collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

/// The plans by which the orders are billed, each read once.
async fn plans(unit: &mut Unit, orders: &[Order]) -> Result<HashMap<(PlanId, Option<PlanVersionId>), Plan>> {
    let mut plans = HashMap::new();
    for order in orders {
        if let Entry::Vacant(place) = plans.entry((order.plan, order.plan_version)) {
            let plan = store::plans::of_order(&mut unit.tx, unit.org.id, order).await?;
            place.insert(plan.ok_or_else(|| Error::bug("an order without its plan"))?);
        }
    }
    Ok(plans)
}

enum Decided {
    /// Before; nothing is to be done.
    Stored(FullActivity),
    New(Place),
}

/// An activity but for its ids.
struct Place {
    activity: FullActivity,
    is_late: bool,
}

fn decide(unit: &Unit, known: &Known, requests: &[ActivityRequest]) -> Result<Vec<Decided>> {
    let (mut decided, mut problems) = (Vec::with_capacity(requests.len()), Problems::new());
    let mut references = HashSet::new();
    for (index, request) in requests.iter().enumerate() {
        let is_twice = request.activity.ext_ref_id.as_ref().is_some_and(|reference| !references.insert(reference));
        let outcome = if is_twice {
            Err(Problems::one("extRefId", "extRefId is given to another activity of the list; it must be unique."))
        } else {
            decide_one(unit, known, request)
        };
        match outcome {
            Ok(one) => decided.push(one),
            Err(found) => problems.extend(found.prefixed(&format!("activity[{}]", index + 1))),
        }
    }
    problems.result(decided).map_err(Error::from)
}

fn decide_one(unit: &Unit, known: &Known, request: &ActivityRequest) -> Result<Decided, Problems> {
    let (order, new) = (known.order(request)?, &request.activity);
    if let Some(stored) = new.ext_ref_id.as_ref().and_then(|reference| known.stored.get(reference)) {
        if stored.is_of(order.id, new) {
            return Ok(Decided::Stored(stored.clone()));
        }
        let reference = new.ext_ref_id.as_deref().unwrap_or_default();
        let message = format!("extRefId {reference} is already used by an activity with other content.");
        return Err(Problems::one("extRefId", message));
    }
    let plan = &known.plans[&(order.plan, order.plan_version)];
    let (line, charged_on) = new.place(order, plan, unit.today)?;
    let activity = FullActivity {
        // Given when all of the list is good.
        id: ActivityId(0),
        batch: None,
        status: ActivityStatus::Unbilled,
        customer: order.customer,
        order: order.id,
        order_line: line.id,
        price_code: new.price_code.clone(),
        currency: order.currency,
        quantity: new.quantity,
        charged_on,
        charge_ended_on: new.charge_ended_on,
        ext_ref_id: new.ext_ref_id.clone(),
        invoice_text: new.invoice_text.clone(),
        rated: None,
        created_at: unit.now,
    };
    Ok(Decided::New(Place { activity, is_late: order.next_billable_on.is_none() }))
}

/// What a list of activities is asked by; everything that is said must hold. What names nothing finds nothing.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub customer: Option<CustomerId>,
    pub ext_customer_ref: Option<String>,
    pub order_number: Option<String>,
    /// Only what it bills.
    pub invoice_number: Option<String>,
    pub price_code: Option<String>,
    pub charged: DateRange,
}

/// A page by day and id, and how many there are in all.
pub async fn list(view: &mut View, asked: &Asked, page: Page) -> Result<(Vec<FullActivity>, i64)> {
    match filter(view, asked).await? {
        Some(filter) => Ok(store::activity_lists::list(&mut view.conn, view.org.id, &filter, page).await?),
        None => Ok((Vec::new(), 0)),
    }
}

/// `None` when something that is asked for is not there.
async fn filter(view: &mut View, asked: &Asked) -> Result<Option<ActivityFilter>> {
    let (conn, org) = (&mut view.conn, view.org.id);
    let mut filter = ActivityFilter {
        customer: asked.customer,
        price_code: asked.price_code.clone(),
        charged: asked.charged,
        ..ActivityFilter::default()
    };
    if let Some(reference) = &asked.ext_customer_ref {
        let Some(found) = store::customers::find_id(conn, org, reference).await? else { return Ok(None) };
        if asked.customer.is_some_and(|customer| customer != found) {
            return Ok(None);
        }
        filter.customer = Some(found);
    }
    if let Some(number) = &asked.order_number {
        let Some(found) = store::orders::find_id(conn, org, number).await? else { return Ok(None) };
        filter.order = Some(found);
    }
    if let Some(number) = &asked.invoice_number {
        let Some(found) = store::invoices::find_id(conn, org, number).await? else { return Ok(None) };
        filter.invoice = Some(found);
    }
    Ok(Some(filter))
}
