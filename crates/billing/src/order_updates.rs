//! Changing orders: what is absent stays, what is there and empty goes; and deleting them (`api.md` §1.9, §4).

use domain::checks::Problems;
use domain::events::EventType;
use domain::ids::{OrderId, OrderLineId};
use domain::money::Amount;
use domain::orders::{Existing, Order, OrderLine, OrderStatus, OrderUpdate, Updated};
use domain::plans::Plan;

use crate::orders::{duplicate, lock, number_taken};
use crate::{Error, Result, Unit};

pub async fn update(unit: &mut Unit, id: OrderId, update: &OrderUpdate) -> Result<(Order, Plan)> {
    let (customer, before, plan) = lock(unit, id).await?;
    let existing = Existing { order: &before, plan: &plan, ext_customer_ref: customer.ext_customer_ref.as_deref() };
    let updated = update.applied_to(existing, unit.today)?;
    let mut after = with_lines(unit, updated).await?;
    check(unit, &before, &after).await?;
    if after == before {
        return Ok((before, plan));
    }
    after.updated_at = unit.now;
    let saved = store::order_updates::save(&mut unit.tx, unit.org.id, &before, &after).await;
    saved.map_err(duplicate)?;
    if after.status != before.status {
        unit.happened(EventType::OrderStatusChange, customer.id, id.0).await?;
    }
    Ok((after, plan))
}

/// The order with the lines that are new to it, each in its place.
async fn with_lines(unit: &mut Unit, Updated { mut order, added }: Updated) -> Result<Order> {
    for line in added {
        order.lines.push(OrderLine {
            id: unit.id(OrderLineId).await?,
            position: line.position,
            charge: line.charge,
            price_code: line.price_code,
            quantity: line.quantity,
            lifetime_value: Amount::ZERO,
        });
    }
    order.lines.sort_by_key(|line| line.position);
    Ok(order)
}

/// What only the other orders and the usage can tell.
async fn check(unit: &mut Unit, before: &Order, after: &Order) -> Result<()> {
    let mut problems = Problems::new();
    if after.number != before.number && store::orders::number_exists(&mut unit.tx, unit.org.id, &after.number).await? {
        problems.extend(number_taken());
    }
    for line in before.lines.iter().filter(|line| after.lines.iter().all(|kept| kept.id != line.id)) {
        if store::order_updates::line_has_usage(&mut unit.tx, unit.org.id, line.id).await? {
            let message = format!("orderLineItems must keep {}: there is usage of it.", line.price_code);
            problems.add("orderLineItems", message);
        }
    }
    problems.result(()).map_err(Error::from)
}

/// Removes an order of which nothing was invoiced, billed or used.
pub async fn delete(unit: &mut Unit, id: OrderId) -> Result<()> {
    let (_, order, _) = lock(unit, id).await?;
    let reason = if order.is_billed() {
        "it was billed"
    } else if store::order_updates::has_usage(&mut unit.tx, unit.org.id, id).await? {
        "there is usage of it"
    } else if order.status == OrderStatus::Superseded {
        "another order continues it"
    } else {
        store::order_updates::delete(&mut unit.tx, unit.org.id, id).await?;
        return unit.audit("deleted", &format!("order {id}")).await;
    };
    Err(Error::refused(format!("The order can't be deleted: {reason}. Cancel it, or set its endDate, instead.")))
}
