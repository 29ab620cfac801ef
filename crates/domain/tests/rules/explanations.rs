//! What an invoice says about an amount adds up to it.

use domain::dates::{BillingAlignment, BillingPeriod, Period, Schedule};
use domain::money::{Currency, Price, Quantity};
use domain::plans::{Charge, ChargeType, PricingType, Tier};
use domain::pricing::{Share, price};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::{any_currency, any_date, any_price, any_quantity, charge, config, tier};

/// The left side of an explanation, computed: sums of products, a percentage, a fraction of days.
fn computed(left: &str) -> Decimal {
    let (sum, fraction) = match left.strip_suffix(" days").and_then(|left| left.rsplit_once(" × ")) {
        Some((sum, fraction)) => (sum, fraction.split_once('/').unwrap()),
        None => (left, ("1", "1")),
    };
    let number = |text: &str| match text.strip_suffix('%') {
        Some(percent) => percent.parse::<Decimal>().unwrap() / Decimal::ONE_HUNDRED,
        None => text.parse::<Decimal>().unwrap(),
    };
    let product = |part: &str| part.split(" × ").map(number).product::<Decimal>();
    let sum: Decimal = sum.split(" + ").map(product).sum();
    sum * number(fraction.0) / number(fraction.1)
}

fn adds_up(explanation: &str, amount: Decimal, currency: Currency) -> Result<(), TestCaseError> {
    let (left, right) = explanation.split_once(" = ").unwrap();
    let (shown, note) = right.split_once(' ').unwrap_or((right, ""));
    prop_assert_eq!(shown.parse::<Decimal>().unwrap(), amount, "{}", explanation);
    let exact = computed(left);
    let rounded = currency.decimal(currency.round(exact).unwrap());
    prop_assert_eq!(note.is_empty(), exact == amount, "{}: what was rounded is said", explanation);
    let fitted = note.ends_with("so that the parts of the period sum to the whole");
    prop_assert_eq!(fitted, rounded != amount, "{}", explanation);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_explanation_adds_up(
        prices in [any_price(), any_price()], quantity in any_quantity(), currency in any_currency(),
        pricing in prop::sample::select(PricingType::ALL), overage in any::<bool>(),
        start in any_date(), cut in 0..28i64, days in 1..31i64,
    ) {
        let tiers = match pricing {
            PricingType::Flat => vec![Tier::flat(prices[0])],
            _ => vec![
                tier(1, "0", Some("1000"), prices[0]),
                Tier { is_overage: overage, ..tier(2, "1001", None, prices[1]) },
            ],
        };
        let charge = Charge { pricing_type: pricing, tiers, ..charge(1, ChargeType::Recurring, "0") };
        let whole = Schedule::new(BillingPeriod::Monthly, BillingAlignment::StartDate, start).containing(start);
        let from = whole.start.add_days(cut);
        let billed = Period { start: from, end: from.add_days(days).min(whole.end) };
        for share in [None, Some(Share { billed, whole })] {
            let priced = price(&charge, quantity, share, currency).unwrap();
            adds_up(&priced.explanation, currency.decimal(priced.amount), currency)?;
        }
    }

    #[test]
    fn a_percentage_adds_up(percent in 0..1_000_000i64, quantity in any_quantity(), currency in any_currency()) {
        let tiers = vec![Tier::percentage(Decimal::new(percent, 4))];
        let charge = Charge { tiers, ..charge(1, ChargeType::Usage, "0") };
        let priced = price(&charge, quantity, None, currency).unwrap();
        prop_assert_eq!(priced.unit_price, Price(Decimal::new(percent, 4)));
        adds_up(&priced.explanation, currency.decimal(priced.amount), currency)?;
    }
}

#[test]
fn one_unit_is_explained_like_many() {
    let charge = charge(1, ChargeType::Recurring, "9.99");
    let usd: Currency = "USD".parse().unwrap();
    assert_eq!(price(&charge, Quantity::ONE, None, usd).unwrap().explanation, "9.99 × 1 = 9.99");
}
