//! What may be done with an order: stopping and starting it, billing it now (`api.md` §4).

use domain::events::EventType;
use domain::ids::OrderId;
use domain::invoices::FullInvoice;
use domain::orders::{By, Order, OrderStatus};
use domain::plans::Plan;

use crate::bills::{self, Account};
use crate::orders::{check_billed, lock};
use crate::{Error, Result, Unit};

/// Moves the order to another status; one that is there already stays as it is.
pub async fn act(unit: &mut Unit, id: OrderId, to: OrderStatus) -> Result<(Order, Plan)> {
    let (customer, before, plan) = lock(unit, id).await?;
    let moved = before.clone().moved(to, By::Action, unit.today);
    let mut after = moved.map_err(|reason| Error::invalid("action", format!("The order can't be moved: {reason}.")))?;
    if after.status == before.status {
        return Ok((before, plan));
    }
    after.updated_at = unit.now;
    store::orders::save(&mut unit.tx, unit.org.id, &after).await?;
    unit.happened(EventType::OrderStatusChange, customer.id, id.0).await?;
    Ok((after, plan))
}

/// Bills everything that is due of the order; at least one invoice, or it is refused.
pub async fn generate_invoice(unit: &mut Unit, id: OrderId) -> Result<Vec<FullInvoice>> {
    let (customer, order, plan) = lock(unit, id).await?;
    check_billed(&customer)?;
    if order.clone().started(unit.today).status != OrderStatus::Active {
        return Err(Error::refused(format!("The order is {}; only an Active one is invoiced.", order.status)));
    }
    let orders = vec![(order, plan)];
    let account = Account { customer: bills::payer(&customer), orders, credits: Vec::new() };
    let issued = bills::issue(unit, account).await?;
    if issued.invoices.is_empty() {
        return Err(Error::refused("There is nothing to invoice: everything up to now is billed, or comes to 0.00."));
    }
    Ok(issued.invoices)
}
