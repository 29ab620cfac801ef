//! What may be ordered of a plan.

use super::NewOrder;
use crate::checks::Problems;
use crate::dates::Date;
use crate::money::Quantity;
use crate::plans::{Charge, ChargeType, Plan};

/// The charges of an order that starts on `start`, in the plan's order, mandatory ones included. A mandatory tax alone
/// is no order.
pub fn check<'p>(plan: &'p Plan, new: &NewOrder, start: Date) -> Result<Vec<(&'p Charge, Quantity)>, Problems> {
    let mut problems = Problems::new();
    if !plan.is_sold_on(start) {
        problems.add("startDate", format!("startDate must be a day on which {} is sold.", plan.contract_code));
    }
    for line in &new.lines {
        match plan.charge_by_code(&line.price_code) {
            None => problems.add("priceCode", "priceCode names no charge of the plan."),
            Some(charge) => quantity(&mut problems, charge, line.quantity),
        }
    }
    let ordered = |charge: &Charge| new.lines.iter().find(|line| line.price_code == charge.price_code);
    let lines = plan.charges.iter().filter_map(|charge| match ordered(charge) {
        Some(line) => Some((charge, line.quantity)),
        None if charge.is_mandatory => Some((charge, charge.default_quantity())),
        None => None,
    });
    let lines: Vec<_> = lines.collect();
    if lines.iter().all(|(charge, _)| charge.is_tax()) && problems.is_empty() {
        problems.add("orderLineItems", "orderLineItems must name at least one charge of the plan.");
    }
    problems.result(lines)
}

/// A usage line's quantity multiplies nothing, so the bounds of what is billed do not apply to it.
fn quantity(problems: &mut Problems, charge: &Charge, ordered: Quantity) {
    let code = &charge.price_code;
    if charge.max_quantity.is_some_and(|max| ordered > max) {
        problems.add("quantity", format!("quantity of {code} is over the maximum."));
    }
    let is_usage = charge.charge_type == ChargeType::Usage;
    if !is_usage && charge.min_quantity.is_some_and(|min| ordered < min) {
        problems.add("quantity", format!("quantity of {code} is under the minimum."));
    }
}
