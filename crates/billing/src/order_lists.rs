//! Lists of orders (`api.md` §4).

use std::collections::{BTreeSet, HashMap};

use domain::ids::{PlanId, PlanVersionId};
use domain::orders::{Order, OrderFilter};
use domain::plans::Plan;
use store::Page;
use store::plans::Charges;

use crate::customers::CustomerKey;
use crate::{Error, Result, View};

/// A page of orders, newest first, each with its plan.
#[derive(Debug, Default)]
pub struct Listed {
    pub orders: Vec<Order>,
    /// Each read once, however many orders have it.
    plans: HashMap<(PlanId, Option<PlanVersionId>), Plan>,
    /// How many there are in all.
    pub total: i64,
}

impl Listed {
    pub fn members(&self) -> impl ExactSizeIterator<Item = (&Order, &Plan)> {
        self.orders.iter().map(|order| (order, &self.plans[&(order.plan, order.plan_version)]))
    }
}

/// Those that match, of the customer that is named, if one is; of a customer that is not there, none.
pub async fn list(view: &mut View, filter: OrderFilter, of: &CustomerKey, page: Page) -> Result<Listed> {
    let mut filter = OrderFilter { customer: of.id, ..filter };
    if let Some(reference) = &of.ext_customer_ref {
        match store::customers::find_id(&mut view.conn, view.org.id, reference).await? {
            Some(id) if of.id.is_none_or(|other| other == id) => filter.customer = Some(id),
            Some(_) | None => return Ok(Listed::default()),
        }
    }
    let (orders, total) = store::order_lists::list(&mut view.conn, view.org.id, &filter, page).await?;
    let plans = plans(view, &orders).await?;
    Ok(Listed { orders, plans, total })
}

/// The plans of these orders, as each was sold, in two statements.
async fn plans(view: &mut View, orders: &[Order]) -> Result<HashMap<(PlanId, Option<PlanVersionId>), Plan>> {
    let wanted: BTreeSet<_> = orders.iter().map(|order| (order.plan, order.plan_version)).collect();
    let present: Vec<PlanId> = wanted.iter().filter(|(_, version)| version.is_none()).map(|(plan, _)| *plan).collect();
    let versions: Vec<PlanVersionId> = wanted.iter().filter_map(|(_, version)| *version).collect();
    let (conn, org) = (&mut view.conn, view.org.id);
    let present = store::plans::load(conn, org, &present, Charges::Included).await?;
    let mut plans: HashMap<_, _> = present.into_iter().map(|stored| ((stored.plan.id, None), stored.plan)).collect();
    let mut versions = store::plan_versions::load(conn, org, &versions).await?;
    for (plan, version) in wanted {
        if let Some(id) = version {
            let was = versions.remove(&id).ok_or_else(|| Error::bug("an order without its plan"))?;
            plans.insert((plan, version), was);
        }
    }
    if orders.iter().all(|order| plans.contains_key(&(order.plan, order.plan_version))) {
        Ok(plans)
    } else {
        Err(Error::bug("an order without its plan"))
    }
}
