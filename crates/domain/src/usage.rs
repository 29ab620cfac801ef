//! Usage: activities become the usage charge of the period they lie in (`api.md` §4.1).
//!
//! All units of an order line in a period are priced together; what comes late is priced as if it had been there in
//! time, less what was billed before. The charge's amount is shared out to its activities exactly.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::dates::Date;
use crate::ids::{ActivityId, OrderLineId};
use crate::money::{Amount, Currency, OutOfRange, Price, Quantity};
use crate::plans::{Charge, PricingType};
use crate::pricing::{Base, Priced, shown};

/// Activities that one call may bring, and that one call shows at most.
pub const ACTIVITIES_MAX: usize = 1_000;
pub const ACTIVITIES_SHOWN_MAX: i64 = 100;
/// Decimals of an activity's price per unit.
const UNIT_PRICE_SCALE: u32 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActivityStatus {
    Unbilled,
    Processed,
}

crate::names!(ActivityStatus { Unbilled => "Unbilled", Processed => "Processed" });

/// Something that was used, as far as rating asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    pub id: ActivityId,
    pub order_line: OrderLineId,
    pub quantity: Quantity,
    /// It belongs to the period of this day, however long it lasted.
    pub charged_on: Date,
    /// Last day, included; shown, and no rule asks it.
    pub charge_ended_on: Option<Date>,
}

/// What of a period's usage was billed already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BilledUsage {
    pub order_line: OrderLineId,
    /// The start of the charge's period.
    pub period_start: Date,
    /// The sum of the activities, not of the units billed for them.
    pub quantity: Quantity,
    pub amount: Amount,
}

/// The usage of a customer's orders that billing works on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage<'a> {
    /// Not billed yet.
    pub activities: &'a [Activity],
    /// Needed only for the periods of activities that come late; more does no harm.
    pub billed: &'a [BilledUsage],
}

/// An activity after it was processed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rated {
    pub activity: ActivityId,
    pub unit_price: Price,
    pub amount: Amount,
}

/// The usage charge of one order line for one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatedCharge {
    pub priced: Priced,
    /// Units of the activities.
    pub quantity: Quantity,
    pub activities: Vec<Rated>,
}

/// Prices the activities of one order line in one period, in the order given.
pub fn rate(
    charge: &Charge,
    activities: &[&Activity],
    before: Option<&BilledUsage>,
    currency: Currency,
) -> Result<RatedCharge, OutOfRange> {
    let start = before.map_or(Decimal::ZERO, |before| before.quantity.0);
    let units: Decimal = activities.iter().map(|activity| activity.quantity.0).sum();
    let used = Quantity(start.checked_add(units).ok_or(OutOfRange)?);
    let billable = charge.billable(used);
    let base = Base::of(charge, billable, currency)?;
    let all = currency.round(base.exact)?;
    let amount = all - before.map_or(Amount::ZERO, |before| before.amount);
    let explanation = [
        format!("{} = {}", base.how, shown(base.exact, all, currency)),
        bounded(used, billable),
        before.map(|before| less(before.amount, amount, currency)).unwrap_or_default(),
    ];
    let way = if charge.pricing_type == PricingType::Volume || billable != used {
        Sharing::Alike { unit: if units.is_zero() { base.reached.rate() } else { base.exact / used.0 } }
    } else {
        Sharing::InTurn
    };
    let rater = Rater { charge, currency, start, units };
    let activities = rater.share(activities, amount, way)?;
    Ok(RatedCharge { priced: base.priced(amount, explanation.concat()), quantity: Quantity(units), activities })
}

fn bounded(used: Quantity, billable: Quantity) -> String {
    let bound = match billable.cmp(&used) {
        Ordering::Equal => return String::new(),
        Ordering::Greater => "at least",
        Ordering::Less => "at most",
    };
    format!("; {} used, {bound} {} are billed", used.0.normalize(), billable.0.normalize())
}

fn less(before: Amount, amount: Amount, currency: Currency) -> String {
    format!("; {} of it was billed before: {}", currency.format(before), currency.format(amount))
}

/// How an amount is shared out to its activities.
#[derive(Clone, Copy)]
enum Sharing {
    /// Each pays for the units that it added: the first ones use up what is included.
    InTurn,
    /// Each by its units, because the price of all of them depends on their sum.
    Alike { unit: Decimal },
}

struct Rater<'a> {
    charge: &'a Charge,
    currency: Currency,
    /// Units billed before, and units to bill.
    start: Decimal,
    units: Decimal,
}

impl Rater<'_> {
    /// Parts are differences of rounded running sums, and the last takes what is left: they sum to `amount`.
    fn share(&self, activities: &[&Activity], amount: Amount, way: Sharing) -> Result<Vec<Rated>, OutOfRange> {
        let mut rated = Vec::new();
        let (mut units, mut given) = (Decimal::ZERO, Amount::ZERO);
        for (n, activity) in activities.iter().enumerate() {
            let from = units;
            units += activity.quantity.0;
            let reached = if n + 1 == activities.len() { amount } else { self.up_to(units, amount, way)? };
            let unit_price = self.unit_price(from, units, way)?;
            rated.push(Rated { activity: activity.id, unit_price, amount: reached - given });
            given = reached;
        }
        Ok(rated)
    }

    /// What the first `units` cost together.
    fn up_to(&self, units: Decimal, amount: Amount, way: Sharing) -> Result<Amount, OutOfRange> {
        match way {
            Sharing::InTurn => {
                let (reached, before) = (self.exact(units)?, self.exact(Decimal::ZERO)?);
                Ok(self.currency.round(reached)? - self.currency.round(before)?)
            }
            Sharing::Alike { .. } if self.units.is_zero() => Ok(Amount::ZERO),
            Sharing::Alike { .. } => {
                let total = self.currency.decimal(amount);
                self.currency.round(total.checked_mul(units).ok_or(OutOfRange)? / self.units)
            }
        }
    }

    fn unit_price(&self, from: Decimal, to: Decimal, way: Sharing) -> Result<Price, OutOfRange> {
        let each = match way {
            Sharing::Alike { unit } => unit,
            Sharing::InTurn if to == from => self.base(to)?.reached.rate(),
            Sharing::InTurn => (self.exact(to)? - self.exact(from)?) / (to - from),
        };
        Ok(Price(each.round_dp(UNIT_PRICE_SCALE).normalize()))
    }

    fn exact(&self, units: Decimal) -> Result<Decimal, OutOfRange> {
        Ok(self.base(units)?.exact)
    }

    fn base(&self, units: Decimal) -> Result<Base, OutOfRange> {
        Base::of(self.charge, Quantity(self.start + units), self.currency)
    }
}
