//! The work of a day: future orders start, due orders are billed (`operations.md` §4).

use std::collections::HashMap;

use domain::access::Actor;
use domain::dates::Date;
use domain::ids::{CustomerId, OrderId, OrganizationId, PlanId, PlanVersionId};
use domain::orders::Order;
use domain::plans::Plan;

use crate::bills::{self, Account};
use crate::{Billing, Error, Result, Unit, customers};

/// Does the work of `day` for every customer of an organization whose clock stands there.
/// Each customer is a transaction of its own; running again does what is left, and nothing twice.
pub async fn day(billing: &Billing, org: OrganizationId, day: Date) -> Result<usize> {
    let due = due(billing, org, day).await?;
    let mut done = 0;
    for customer in due.chunk_by(|a, b| a.0 == b.0) {
        let orders: Vec<OrderId> = customer.iter().map(|(_, order)| *order).collect();
        billing.unit(org, &Actor::System, async |unit| bill(unit, customer[0].0, &orders).await).await?;
        done += 1;
    }
    self::done(billing, org, day).await?;
    Ok(done)
}

/// Orders with something to bill, customer by customer: a period, or usage that came after the last one.
async fn due(billing: &Billing, org: OrganizationId, day: Date) -> Result<Vec<(CustomerId, OrderId)>> {
    let mut conn = billing.db.read().await?;
    let mut due = store::orders::billable(&mut conn, org, day).await?;
    due.extend(store::activities::late(&mut conn, org).await?);
    due.sort_unstable();
    due.dedup();
    Ok(due)
}

/// Writes down that the work of `day`, and of every day before it, is done.
pub(crate) async fn done(billing: &Billing, org: OrganizationId, day: Date) -> Result<()> {
    billing
        .unit(org, &Actor::System, async |unit| {
            store::organizations::set_run_on(&mut unit.tx, unit.org.id, day).await?;
            Ok(())
        })
        .await
}

async fn bill(unit: &mut Unit, customer: CustomerId, ids: &[OrderId]) -> Result<()> {
    let customer = customers::lock(unit, customer).await?;
    let mut plans = Plans::default();
    let mut orders = Vec::new();
    for id in ids {
        // Gone or billed by somebody since it was listed: then there is nothing to bill.
        if let Some(order) = store::orders::lock(&mut unit.tx, unit.org.id, *id).await? {
            let plan = plans.of(unit, &order).await?;
            orders.push((order, plan));
        }
    }
    if !orders.is_empty() {
        bills::issue(unit, Account { customer, orders, credits: Vec::new() }).await?;
    }
    Ok(())
}

/// Plans by which orders are billed, each read once in a transaction.
#[derive(Default)]
struct Plans(HashMap<(PlanId, Option<PlanVersionId>), Plan>);

impl Plans {
    async fn of(&mut self, unit: &mut Unit, order: &Order) -> Result<Plan> {
        let key = (order.plan, order.plan_version);
        if let Some(plan) = self.0.get(&key) {
            return Ok(plan.clone());
        }
        let plan = store::plans::of_order(&mut unit.tx, unit.org.id, order).await?;
        let plan = plan.ok_or_else(|| Error::bug("an order without its plan"))?;
        self.0.insert(key, plan.clone());
        Ok(plan)
    }
}
