//! The work of a day: future orders start, due orders are billed (`operations.md` §4).

use domain::access::Actor;
use domain::dates::Date;
use domain::events::EventType;
use domain::ids::{CustomerId, OrderId, OrganizationId};
use domain::orders::OrderStatus;

use crate::{Billing, Error, Result, Unit, customers, invoices};

/// Does the work of `day` for every customer of an organization whose clock stands there.
/// Each customer is a transaction of its own; running again does what is left, and nothing twice.
pub async fn day(billing: &Billing, org: OrganizationId, day: Date) -> Result<usize> {
    let due = store::orders::billable(&mut billing.db.read().await?, org, day).await?;
    let mut done = 0;
    for customer in due.chunk_by(|a, b| a.0 == b.0) {
        let orders: Vec<OrderId> = customer.iter().map(|(_, order)| *order).collect();
        billing.unit(org, &Actor::System, async |unit| bill(unit, customer[0].0, &orders).await).await?;
        done += 1;
    }
    self::done(billing, org, day).await?;
    Ok(done)
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
    let mut orders = Vec::new();
    for id in ids {
        let found = store::orders::find(&mut unit.tx, unit.org.id, *id).await?;
        // Changed by somebody since it was listed.
        let Some(mut order) = found else { continue };
        match order.status {
            OrderStatus::Active => {}
            OrderStatus::Provisioning if order.start_on <= unit.today => {
                order.status = OrderStatus::Active;
                unit.happened(EventType::OrderStatusChange, customer.id, order.id.0).await?;
            }
            _ => continue,
        }
        let plan = store::plans::find(&mut unit.tx, unit.org.id, order.plan).await?;
        orders.push((order, plan.ok_or_else(|| Error::bug("an order without its plan"))?));
    }
    invoices::issue(unit, &customer, &mut orders).await?;
    Ok(())
}
