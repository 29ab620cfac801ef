//! Change orders: one order ends, another continues it, and what was paid ahead is given back on the same bill
//! (`api.md` §4).

use domain::dates::Date;
use domain::events::EventType;
use domain::ids::OrderId;
use domain::orders::{CannotChange, NewOrder, Order, Superseded};
use domain::plans::Plan;

use crate::bills::{self, Account};
use crate::orders::{Placed, check_billed, insert, lock, prepare};
use crate::{Error, Result, Unit};

/// Ends the order on `effective_on`, today where nothing is said, and places `new`, which starts then.
pub async fn change(unit: &mut Unit, id: OrderId, effective_on: Option<Date>, new: &NewOrder) -> Result<Placed> {
    let (customer, old, old_plan) = lock(unit, id).await?;
    check_billed(&customer)?;
    let effective = effective_on.unwrap_or(unit.today);
    let superseded = supersede(unit, &old, &old_plan, effective).await?;
    let new = &NewOrder { start_on: Some(effective), ..new.clone() };
    let (mut order, plan) =
        prepare(unit, &customer, new).await.map_err(|error| crate::customer_batches::prefixed(error, "newOrder"))?;
    order.anchor_on = Some(superseded.anchor_on);
    order.change = Some(superseded.change);
    insert(unit, &customer, (&order, &plan)).await?;
    unit.happened(EventType::OrderStatusChange, customer.id, id.0).await?;
    let orders = vec![(superseded.order, old_plan), (order, plan.clone())];
    let issued =
        bills::issue(unit, Account { customer: bills::payer(&customer), orders, credits: superseded.credits }).await?;
    let mut order = issued.orders.into_iter().nth(1).ok_or_else(|| Error::bug("an order was billed and is gone"))?;
    let own = issued.invoices.iter().filter(|invoice| invoice.orders.contains(&order.id));
    order.invoices = own.map(|invoice| invoice.head.id).collect();
    Ok(Placed { order, plan, invoices: issued.invoices })
}

async fn supersede(unit: &mut Unit, old: &Order, plan: &Plan, effective: Date) -> Result<Superseded> {
    let plan = plan.in_currency(old.currency, unit.org.currency);
    let plan = plan.ok_or_else(|| Error::bug("an order without prices in its currency"))?;
    let billed = store::billed_charges::of_order(&mut unit.tx, unit.org.id, old.id, effective).await?;
    old.superseded(&plan, &billed, effective, unit.today).map_err(|reason| match reason {
        CannotChange::Status(reason) => Error::invalid("subscriptionOrder", format!("It can't be changed: {reason}.")),
        CannotChange::NotYet => Error::invalid(
            "effectiveDate",
            format!("effectiveDate must not be after today, {}; send the change on that day.", unit.today),
        ),
        reason @ (CannotChange::BeforeStart | CannotChange::AfterEnd | CannotChange::Amount(_)) => {
            Error::invalid("effectiveDate", format!("{reason}."))
        }
    })
}
