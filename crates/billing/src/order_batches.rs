//! Many orders in one call: all of them or none (`api.md` §4).

use domain::ids::CustomerId;
use domain::orders::NewOrder;

use crate::customer_batches::prefixed;
use crate::orders::{Invoicing, Placed, place};
use crate::{Result, Unit};

/// Each order of a list, for its customer; what is wrong with one says with which.
pub async fn place_all(
    unit: &mut Unit,
    orders: &[(CustomerId, NewOrder)],
    invoicing: Invoicing,
) -> Result<Vec<Placed>> {
    let mut placed = Vec::with_capacity(orders.len());
    for (number, (customer, order)) in (1..).zip(orders) {
        let outcome = place(unit, *customer, order, invoicing).await;
        placed.push(outcome.map_err(|error| prefixed(error, &format!("subscriptionOrder[{number}]")))?);
    }
    Ok(placed)
}
