//! Charge × quantity × period → amount, and why.

use rust_decimal::Decimal;

use crate::dates::Period;
use crate::ids::TierId;
use crate::money::{Amount, Currency, OutOfRange, Price, Quantity, within_bounds};
use crate::plans::{Charge, PricingType, Tier};

/// A priced charge: one line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    pub tier: TierId,
    pub unit_price: Price,
    pub amount: Amount,
    /// In plain words and figures: `165.00 × 1 × 11/30 days = 60.50`.
    pub explanation: String,
}

/// The part of a period that is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub billed: Period,
    pub whole: Period,
}

impl Share {
    pub fn is_whole(self) -> bool {
        self.billed == self.whole
    }
}

/// What `quantity` of `charge` costs. With a share: that part of it, by days, the start day included
/// (`api.md` §3, golden number). Rounded once, at the end.
pub fn price(
    charge: &Charge,
    quantity: Quantity,
    share: Option<Share>,
    currency: Currency,
) -> Result<Priced, OutOfRange> {
    let tier = reached(&charge.tiers, quantity);
    let (base, how) = match charge.pricing_type {
        PricingType::Flat | PricingType::Volume => {
            let base = tier.price.0.checked_mul(quantity.0).ok_or(OutOfRange)?;
            (base, format!("{} × {}", tier.price.format(currency), quantity.0.normalize()))
        }
        PricingType::Tiered => tiered(&charge.tiers, quantity, currency)?,
    };
    if !within_bounds(base) {
        return Err(OutOfRange);
    }
    let (exact, how) = match share.filter(|share| !share.is_whole()) {
        Some(share) => {
            let (billed, whole) = (share.billed.days(), share.whole.days());
            // Multiplied before divided: 165 × 11 / 30 is exact, 165 × (11 / 30) is not.
            let part = base.checked_mul(Decimal::from(billed)).ok_or(OutOfRange)? / Decimal::from(whole);
            (part, format!("{how} × {billed}/{whole} days"))
        }
        None => (base, how),
    };
    let amount = currency.round(exact)?;
    let explanation = format!("{how} = {}", currency.format(amount));
    Ok(Priced { tier: tier.id, unit_price: tier.price, amount, explanation })
}

/// The first tier that `quantity` fits into (`operations.md` §3), else the last.
fn reached(tiers: &[Tier], quantity: Quantity) -> Tier {
    let fits = |tier: &&Tier| tier.units_to.is_none_or(|end| quantity <= end);
    *tiers.iter().find(fits).or(tiers.last()).expect("a charge has at least one tier")
}

/// Each unit by the tier it lies in.
fn tiered(tiers: &[Tier], quantity: Quantity, currency: Currency) -> Result<(Decimal, String), OutOfRange> {
    let mut total = Decimal::ZERO;
    let mut parts = Vec::new();
    let mut below = Decimal::ZERO;
    for (n, tier) in tiers.iter().enumerate() {
        let last = n + 1 == tiers.len();
        let end = tier.units_to.map_or(quantity.0, |end| if last { quantity.0 } else { end.0.min(quantity.0) });
        let units = end - below;
        if units <= Decimal::ZERO {
            break;
        }
        total = tier.price.0.checked_mul(units).and_then(|part| total.checked_add(part)).ok_or(OutOfRange)?;
        parts.push(format!("{} × {}", tier.price.format(currency), units.normalize()));
        below = end;
    }
    Ok((total, parts.join(" + ")))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::dates::Date;
    use crate::ids::ChargeId;
    use crate::plans::ChargeType;

    pub(crate) fn charge(pricing_type: PricingType, tiers: &[(Option<&str>, &str)]) -> Charge {
        let mut from = Quantity::default();
        let tiers = tiers.iter().map(|(to, price)| {
            let units_to = to.map(|to| to.parse::<Quantity>().unwrap());
            let tier =
                Tier { id: TierId(1), units_from: from, units_to, price: price.parse().unwrap(), is_overage: false };
            from = Quantity(units_to.unwrap_or_default().0 + Decimal::ONE);
            tier
        });
        Charge {
            id: ChargeId(10),
            position: 1,
            price_code: "C".into(),
            invoice_text: "Charge".into(),
            accounting_code: None,
            charge_type: ChargeType::Recurring,
            pricing_type,
            standard_quantity: None,
            max_quantity: None,
            is_prepaid: true,
            is_prorated: true,
            is_mandatory: false,
            unit_of_measure: None,
            tiers: tiers.collect(),
        }
    }

    fn amount(charge: &Charge, quantity: &str) -> i64 {
        price(charge, quantity.parse().unwrap(), None, "USD".parse().unwrap()).unwrap().amount.0
    }

    #[test]
    fn golden_165_for_11_of_30_days_is_60_50() {
        let september = Period { start: Date::new(2011, 9, 1), end: Date::new(2011, 10, 1) };
        let share = Share { billed: Period { start: Date::new(2011, 9, 20), ..september }, whole: september };
        let flat = charge(PricingType::Flat, &[(None, "165.00")]);
        let priced = price(&flat, Quantity::ONE, Some(share), "USD".parse().unwrap()).unwrap();
        assert_eq!(priced.amount, Amount(6050));
        assert_eq!(priced.explanation, "165.00 × 1 × 11/30 days = 60.50");
    }

    #[test]
    fn tiered_units_pay_the_price_of_their_own_tier() {
        let pages = charge(PricingType::Tiered, &[(Some("100"), "0.00"), (None, "1.65")]);
        assert_eq!([amount(&pages, "99"), amount(&pages, "100"), amount(&pages, "101")], [0, 0, 165]);
        assert_eq!(amount(&pages, "100.5"), 83);
    }

    #[test]
    fn volume_units_all_pay_the_price_of_the_tier_reached() {
        let seats = charge(PricingType::Volume, &[(Some("10"), "5.00"), (None, "4.00")]);
        assert_eq!([amount(&seats, "9"), amount(&seats, "10"), amount(&seats, "11")], [4500, 5000, 4400]);
        assert_eq!(amount(&seats, "10.5"), 4200);
    }

    #[test]
    fn a_quantity_beyond_all_tiers_pays_the_last() {
        let few = charge(PricingType::Tiered, &[(Some("1"), "1"), (Some("2"), "2")]);
        assert_eq!(amount(&few, "4"), 100 + 3 * 200);
    }

    #[test]
    fn a_price_out_of_bounds_is_refused() {
        let dear = charge(PricingType::Flat, &[(None, "999999999999.99")]);
        assert_eq!(price(&dear, "2".parse().unwrap(), None, "USD".parse().unwrap()), Err(OutOfRange));
    }
}
