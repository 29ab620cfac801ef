//! Tax + net = gross, to the smallest coin.

use domain::dates::{BillingAlignment, BillingPeriod, Date};
use domain::invoices::{ChargeKind, Draft};
use domain::money::{Amount, Currency, Price};
use domain::plans::{Charge, ChargeType, Plan, Tax, Tier};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::{any_currency, any_price, bill_all, charge, config, order, plan, usd};

const START: Date = Date::new(2011, 9, 20);

fn tax(id: i64, kind: Tax, percent: &str) -> Charge {
    let tiers = vec![Tier::percentage(percent.parse().unwrap())];
    Charge { tax: Some(kind), tiers, ..charge(id, ChargeType::Recurring, "0") }
}

fn taxed(charges: Vec<Charge>) -> Plan {
    plan(BillingPeriod::Monthly, BillingAlignment::NextBillingPeriod, charges)
}

fn billed(plan: &Plan) -> Draft {
    bill_all(&[(order(plan, START, None), plan.clone())], START).drafts.remove(0)
}

fn fee(id: i64, amount: &str) -> Charge {
    Charge { is_prorated: true, ..charge(id, ChargeType::Recurring, amount) }
}

#[test]
fn an_exclusive_tax_is_added_to_what_is_billed() {
    let draft = billed(&taxed(vec![fee(1, "165.00"), tax(2, Tax::Exclusive, "8.875")]));
    assert_eq!((draft.total(), draft.net(), draft.tax()), (Amount(6587), Amount(6050), Amount(537)));
    let of = draft.charges().nth(1).unwrap();
    assert_eq!((of.kind, of.is_percent), (ChargeKind::Tax, true));
    assert_eq!(of.explanation, "8.875% × 60.50 = 5.37 (rounded from 5.369375)");
}

#[test]
fn an_inclusive_tax_is_shown_and_adds_nothing() {
    let draft = billed(&taxed(vec![fee(1, "165.00"), tax(2, Tax::Inclusive, "19")]));
    assert_eq!((draft.total(), draft.net(), draft.tax()), (Amount(6050), Amount(5084), Amount(966)));
    let of = draft.charges().nth(1).unwrap();
    assert_eq!((of.amount, of.tax), (Amount::ZERO, Amount(966)));
    assert_eq!(of.explanation, "included: 60.50 × 19/119 = 9.66; 50.84 + 9.66 = 60.50");
}

#[test]
fn a_tax_with_codes_applies_to_charges_that_share_one() {
    let coded = |charge, codes: &[&str]| Charge { tax_codes: codes.iter().map(|c| (*c).into()).collect(), ..charge };
    let draft = billed(&taxed(vec![
        coded(charge(1, ChargeType::OneTime, "100.00"), &["GOODS"]),
        coded(charge(2, ChargeType::OneTime, "10.00"), &["BOOKS", "GOODS"]),
        charge(3, ChargeType::OneTime, "1.00"),
        coded(tax(4, Tax::Exclusive, "20"), &["GOODS"]),
        coded(tax(5, Tax::Exclusive, "5"), &["BOOKS"]),
        tax(6, Tax::Exclusive, "1"),
    ]));
    let taxes: Vec<i64> = draft.charges().skip(3).map(|charge| charge.amount.0).collect();
    assert_eq!(taxes, [2200, 50, 111]);
}

#[test]
fn nothing_billed_is_not_taxed_and_a_separate_charge_takes_its_tax_along() {
    let separate = Charge { is_separate_invoice: true, ..charge(2, ChargeType::OneTime, "10.00") };
    let plan = taxed(vec![charge(1, ChargeType::OneTime, "100.00"), separate, tax(3, Tax::Exclusive, "20")]);
    let bill = bill_all(&[(order(&plan, START, None), plan.clone())], START);
    assert_eq!(bill.drafts.iter().map(|draft| draft.total().0).collect::<Vec<_>>(), [12000, 1200]);
    let next = bill_all(&[(bill.orders[0].clone(), plan)], Date::new(2011, 10, 1));
    assert!(next.drafts.is_empty() && next.free.is_empty());
}

fn draft_of(prices: &[Price], kind: Tax, percent: Decimal, currency: Currency) -> Draft {
    let mut charges: Vec<Charge> = (1i64..)
        .zip(prices)
        .map(|(id, price)| Charge {
            tiers: vec![Tier { currency: Some(currency), ..Tier::flat(*price) }],
            ..fee(id, "0")
        })
        .collect();
    charges.push(Charge { tiers: vec![Tier::percentage(percent)], ..tax(99, kind, "0") });
    let plan = taxed(charges);
    let order = domain::orders::Order { currency, ..order(&plan, START, None) };
    let bill = bill_all(&[(order, plan)], START);
    bill.drafts.into_iter().chain(bill.free).next().unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_parts_are_exact(
        prices in prop::collection::vec(any_price(), 1..5), percent in 0..3_000i64, currency in any_currency()
    ) {
        let percent = Decimal::new(percent, 2);
        let exclusive = draft_of(&prices, Tax::Exclusive, percent, currency);
        let inclusive = draft_of(&prices, Tax::Inclusive, percent, currency);
        prop_assert_eq!(exclusive.net(), inclusive.total(), "the other charges are the same");
        for draft in [&exclusive, &inclusive] {
            prop_assert_eq!(draft.net() + draft.tax(), draft.total());
            prop_assert!(draft.tax() >= Amount::ZERO && draft.net() >= Amount::ZERO);
            let base: Amount = draft.charges().filter(|c| c.kind != ChargeKind::Tax).map(|c| c.amount).sum();
            let of = if draft.total() == base { draft.net() } else { base };
            // The tax is that of the net amount, to half a coin and what half a coin of the net makes of it.
            let exact = currency.decimal(of) * percent / Decimal::ONE_HUNDRED;
            prop_assert!((currency.decimal(draft.tax()) - exact).abs() <= Decimal::new(1, currency.scale()));
        }
    }
}

#[test]
fn currencies_without_coins_are_taxed_in_whole_units() {
    let yen: Currency = "JPY".parse().unwrap();
    let draft = draft_of(&["1000".parse().unwrap()], Tax::Exclusive, "10".parse().unwrap(), yen);
    assert_eq!((draft.net(), draft.tax()), (Amount(367), Amount(37)), "1000 × 11/30, and a tenth of it");
    assert_eq!(usd().scale(), 2);
}
