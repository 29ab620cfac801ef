//! Activities as they come in and are shown (`api.md` §4.1). How they are priced is in [`usage`](crate::usage).

use crate::checks::Problems;
use crate::dates::{Date, Timestamp};
use crate::ids::{ActivityBatchId, ActivityId, CustomerId, InvoiceId, OrderId, OrderLineId};
use crate::money::{Amount, Currency, Price, Quantity};
use crate::orders::{Order, OrderLine, OrderStatus};
use crate::plans::{ChargeType, Plan};
use crate::time_ranges::DateRange;
use crate::usage::ActivityStatus;

pub const EXT_REF_ID_MAX: usize = 50;
pub const INVOICE_TEXT_MAX: usize = 255;

/// Something that was used, as it comes in; whose it is and of which order is said beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewActivity {
    pub price_code: String,
    /// Above 0.
    pub quantity: Quantity,
    /// `None`: today.
    pub charged_on: Option<Date>,
    /// Last day, included.
    pub charge_ended_on: Option<Date>,
    /// The merchant's own id.
    pub ext_ref_id: Option<String>,
    pub invoice_text: Option<String>,
}

impl NewActivity {
    /// Its day, which the reader could not compare with the end where it is left to the default.
    pub fn day(&self, today: Date) -> Result<Date, Problems> {
        let day = self.charged_on.unwrap_or(today);
        if self.charge_ended_on.is_some_and(|end| end < day) {
            return Err(Problems::one("chargeEndDate", "chargeEndDate must not be before chargeDate."));
        }
        Ok(day)
    }

    /// The line of its order that it is charged by, and its day: one on which the order runs, be it ahead of today. It
    /// may come however late. `plan` is the one that the order is billed by.
    pub fn place<'o>(&self, order: &'o Order, plan: &Plan, today: Date) -> Result<(&'o OrderLine, Date), Problems> {
        let mut problems = Problems::new();
        if order.status == OrderStatus::Draft {
            problems.add("order", "order must not be a Draft: what is used of it is not charged.");
        }
        let line = self.line(order, plan).map_err(|message| problems.add("priceCode", message)).ok();
        let day = self.day(today).map_err(|wrong| problems.extend(wrong)).ok();
        if let Some(day) = day.filter(|day| !order.ran_on(plan, *day)) {
            problems.add("chargeDate", format!("chargeDate must be a day on which the order runs; {day} is not."));
        }
        match line.zip(day) {
            Some(place) => problems.result(place),
            None => Err(problems),
        }
    }

    fn line<'o>(&self, order: &'o Order, plan: &Plan) -> Result<&'o OrderLine, &'static str> {
        let line = order.lines.iter().find(|line| line.price_code == self.price_code);
        let line = line.ok_or("priceCode must be that of a line of the order.")?;
        let is_usage = plan.charge(line.charge).is_some_and(|charge| charge.charge_type == ChargeType::Usage);
        if is_usage { Ok(line) } else { Err("priceCode must be that of a usage charge.") }
    }
}

/// An activity with everything in it, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullActivity {
    pub id: ActivityId,
    /// The call that brought it.
    pub batch: Option<ActivityBatchId>,
    pub status: ActivityStatus,
    pub customer: CustomerId,
    pub order: OrderId,
    pub order_line: OrderLineId,
    pub price_code: String,
    pub currency: Currency,
    pub quantity: Quantity,
    pub charged_on: Date,
    pub charge_ended_on: Option<Date>,
    pub ext_ref_id: Option<String>,
    pub invoice_text: Option<String>,
    /// Known once it is processed.
    pub rated: Option<Billed>,
    pub created_at: Timestamp,
}

impl FullActivity {
    /// It came in as this, for that order. What is left to the default is not said to be different.
    pub fn is_of(&self, order: OrderId, new: &NewActivity) -> bool {
        self.order == order
            && self.price_code == new.price_code
            && self.quantity == new.quantity
            && new.charged_on.is_none_or(|day| day == self.charged_on)
            && self.charge_ended_on == new.charge_ended_on
            && self.invoice_text == new.invoice_text
    }
}

/// What an activity came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Billed {
    pub unit_price: Price,
    pub amount: Amount,
}

/// Which activities a list shows: all that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityFilter {
    pub customer: Option<CustomerId>,
    pub order: Option<OrderId>,
    /// Only what it bills.
    pub invoice: Option<InvoiceId>,
    pub price_code: Option<String>,
    pub charged: DateRange,
}

impl ActivityFilter {
    /// `invoice` is the one that bills the activity.
    pub fn matches(&self, activity: &FullActivity, invoice: Option<InvoiceId>) -> bool {
        self.customer.is_none_or(|customer| activity.customer == customer)
            && self.order.is_none_or(|order| activity.order == order)
            && self.invoice.is_none_or(|asked| invoice == Some(asked))
            && self.price_code.as_ref().is_none_or(|code| activity.price_code == *code)
            && self.charged.contains(activity.charged_on)
    }
}
