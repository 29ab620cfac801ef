//! Lists of orders (`api.md` §4).

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use domain::ids::{PlanId, PlanVersionId};
use domain::orders::{Order, OrderFilter};
use domain::plans::Plan;
use store::Page;

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
    let mut plans = HashMap::new();
    for order in &orders {
        if let Entry::Vacant(place) = plans.entry((order.plan, order.plan_version)) {
            let plan = store::plans::of_order(&mut view.conn, view.org.id, order).await?;
            place.insert(plan.ok_or_else(|| Error::bug("an order without its plan"))?);
        }
    }
    Ok(Listed { orders, plans, total })
}
