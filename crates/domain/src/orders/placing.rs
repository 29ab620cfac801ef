//! What may be ordered of a plan.

use super::{NewOrder, NewOrderLine};
use crate::checks::Problems;
use crate::dates::{BillingPeriod, Date, TimeUnit};
use crate::money::Quantity;
use crate::plans::{Charge, ChargeType, Plan};

/// The charges of an order that starts on `start`, in the plan's order, mandatory ones included. A mandatory tax alone
/// is no order.
pub fn check<'p>(plan: &'p Plan, new: &NewOrder, start: Date) -> Result<Vec<(&'p Charge, Quantity)>, Problems> {
    let mut problems = check_start(plan, start);
    problems.extend(new.of_plan.check(plan));
    let lines = check_lines(plan, &new.lines, &mut problems);
    problems.result(lines)
}

pub(super) fn check_start(plan: &Plan, start: Date) -> Problems {
    if plan.is_sold_on(start) {
        return Problems::new();
    }
    Problems::one("startDate", format!("startDate must be a day on which {} is sold.", plan.contract_code))
}

pub(super) fn check_lines<'p>(
    plan: &'p Plan,
    lines: &[NewOrderLine],
    problems: &mut Problems,
) -> Vec<(&'p Charge, Quantity)> {
    for line in lines {
        match plan.charge_by_code(&line.price_code) {
            None => problems.add("priceCode", "priceCode names no charge of the plan."),
            Some(charge) => quantity(problems, charge, line.quantity),
        }
    }
    let ordered = |charge: &Charge| lines.iter().find(|line| line.price_code == charge.price_code);
    let placed = plan.charges.iter().filter_map(|charge| match ordered(charge) {
        Some(line) => Some((charge, line.quantity)),
        None if charge.is_mandatory => Some((charge, charge.default_quantity())),
        None => None,
    });
    let placed: Vec<_> = placed.collect();
    if placed.iter().all(|(charge, _)| charge.is_tax()) && problems.is_empty() {
        problems.add("orderLineItems", "orderLineItems must name at least one charge of the plan.");
    }
    placed
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

/// What an order shows of its plan. It may be sent back, but it is not the order's to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfPlan {
    pub billing_period: Option<BillingPeriod>,
    pub due_value: Option<i64>,
    pub due_units: Option<TimeUnit>,
    pub is_auto_renew: Option<bool>,
}

impl OfPlan {
    pub fn check(&self, plan: &Plan) -> Problems {
        let mut problems = Problems::new();
        let mut differs = |field: &str, differs: bool, own: String| {
            if differs {
                problems.add(field, format!("{field} is that of the plan, {own}; an order can't change it."));
            }
        };
        let is_other = self.billing_period.is_some_and(|period| period != plan.billing_period);
        differs("billingPeriod", is_other, plan.billing_period.to_string());
        let is_other = self.due_value.is_some_and(|value| value != plan.due.value);
        differs("dueDateValue", is_other, plan.due.value.to_string());
        let is_other = self.due_units.is_some_and(|units| units != plan.due.units);
        differs("dueDateUnits", is_other, plan.due.units.to_string());
        let is_other = self.is_auto_renew.is_some_and(|renews| renews != plan.is_auto_renew);
        differs("isAutoRenew", is_other, plan.is_auto_renew.to_string());
        problems
    }
}
