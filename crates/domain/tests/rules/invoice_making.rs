//! Invoices that a merchant makes: what is left out, what adds up, what does not.

use domain::checks::Problems;
use domain::dates::{Date, TimeUnit};
use domain::invoices::{InvoiceStatus, Made, Making, NewInvoice, NewInvoiceCharge, NewInvoiceLine, Totals};
use domain::money::{Amount, Currency};
use domain::organizations::Terms;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::samples::{any_currency, config, currency, period, price, quantity, usd};

const TODAY: Date = Date::new(2011, 9, 20);

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn charge(units: &str, each: &str, amount: Option<&str>) -> NewInvoiceCharge {
    NewInvoiceCharge {
        text: "Hours".into(),
        quantity: Some(quantity(units)),
        unit_price: Some(price(each)),
        amount: amount.map(decimal),
        ..NewInvoiceCharge::default()
    }
}

fn invoice(charges: Vec<NewInvoiceCharge>) -> NewInvoice {
    let line = NewInvoiceLine { text: "Consulting".into(), charges, ..NewInvoiceLine::default() };
    NewInvoice { lines: vec![line], ..NewInvoice::default() }
}

fn made_in(new: &NewInvoice, currency: Currency) -> Result<Made, Vec<String>> {
    let terms = Terms { value: 2, units: TimeUnit::Weeks };
    let making = Making { currency, terms, today: TODAY, previous_balance: Amount(1000) };
    new.made(&making).map_err(|problems: Problems| problems.iter().map(ToString::to_string).collect())
}

fn made(new: &NewInvoice) -> Result<Made, Vec<String>> {
    made_in(new, usd())
}

const AT: &str = "invoiceLineItems/invoiceLineItem[1]/invoiceLineItemCharges/invoiceLineItemCharge[1]";

#[test]
fn dates_default_to_today_and_the_customers_terms() {
    let made = made(&invoice(vec![charge("3", "20", None)])).unwrap();
    assert_eq!((made.invoiced_on, made.due_on), (TODAY, Date::new(2011, 10, 4)));
    assert_eq!((made.status, made.lines.total), (InvoiceStatus::Outstanding, Amount(6000)));
    let draft = NewInvoice { is_draft: true, ..invoice(vec![charge("3", "20", None)]) };
    assert_eq!(self::made(&draft).unwrap().status, InvoiceStatus::Draft);
}

#[test]
fn an_amount_may_be_a_cent_beside_its_product_and_no_more() {
    for (amount, total) in [("9.99", 999), ("10.00", 1000), ("10.01", 1001)] {
        assert_eq!(made(&invoice(vec![charge("3", "3.3333", Some(amount))])).unwrap().lines.total, Amount(total));
    }
    let message = format!(
        "{AT}/amount must be quantity × unitPrice within 0.01, unless billingStartDate and billingEndDate are given."
    );
    for amount in ["9.98", "10.02", "-10.00"] {
        assert_eq!(made(&invoice(vec![charge("3", "3.3333", Some(amount))])).unwrap_err().join(""), message);
    }
}

#[test]
fn a_charge_with_days_of_its_own_may_be_prorated() {
    let days = period(TODAY, Date::new(2011, 10, 1));
    let prorated = NewInvoiceCharge { period: Some(days), ..charge("1", "165", Some("60.50")) };
    let made = made(&invoice(vec![prorated])).unwrap();
    assert_eq!((made.lines.total, made.period), (Amount(6050), days));
}

#[test]
fn a_percentage_is_of_the_quantity() {
    let tax = NewInvoiceCharge { is_percent: true, ..charge("60.50", "8.25", Some("4.99")) };
    assert_eq!(made(&invoice(vec![tax.clone()])).unwrap().lines.total, Amount(499));
    let message = format!(
        "{AT}/amount must be quantity × unitPrice / 100 within 0.01, unless billingStartDate and billingEndDate are given."
    );
    assert_eq!(made(&invoice(vec![NewInvoiceCharge { amount: Some(decimal("499")), ..tax }])).unwrap_err(), [message]);
}

#[test]
fn what_can_be_computed_need_not_be_said() {
    let amount = NewInvoiceCharge { text: "t".into(), amount: Some(decimal("60.50")), ..NewInvoiceCharge::default() };
    let made = made(&invoice(vec![amount.clone()])).unwrap();
    assert_eq!(made.lines.lines[0].charges[0].unit_price, price("60.50"));
    let many = NewInvoiceCharge { quantity: Some(quantity("3")), ..amount };
    assert_eq!(self::made(&invoice(vec![many])).unwrap_err(), [format!("{AT}/unitPrice is required.")]);
    let nothing = NewInvoiceCharge { text: "t".into(), ..NewInvoiceCharge::default() };
    assert_eq!(self::made(&invoice(vec![nothing])).unwrap_err(), [format!("{AT}/amount is required.")]);
}

#[test]
fn given_sums_must_be_those_of_the_charges_within_a_cent() {
    let with = |totals| NewInvoice { totals, ..invoice(vec![charge("1", "60.50", None)]) };
    let totals = |text: &str| Totals {
        current_amount_due: Some(decimal(text)),
        total_due: Some(decimal(text)),
        outstanding_balance: Some(decimal(text)),
    };
    for fine in ["60.49", "60.50", "60.51"] {
        assert!(made(&with(totals(fine))).is_ok(), "{fine}");
    }
    assert_eq!(made(&with(totals("60.52"))).unwrap_err().len(), 3);
    // What was owed before may be in it.
    let with_previous = Totals { total_due: Some(decimal("70.50")), ..Totals::default() };
    assert!(made(&with(with_previous)).is_ok());
    let message = "currentAmountDue must be the sum of the charges, 60.50, within 0.01.";
    let wrong = Totals { current_amount_due: Some(decimal("70.50")), ..Totals::default() };
    assert_eq!(made(&with(wrong)).unwrap_err(), [message]);

    let mut line = invoice(vec![charge("1", "60.50", None), charge("1", "1", None)]);
    line.lines[0].amount = Some(decimal("61.50"));
    assert!(made(&line).is_ok());
    line.lines[0].amount = Some(decimal("60.50"));
    let message =
        "invoiceLineItems/invoiceLineItem[1]/amount must be the sum of the line's charges, 61.50, within 0.01.";
    assert_eq!(made(&line).unwrap_err(), [message]);
}

#[test]
fn nobody_is_invoiced_nothing_or_less_or_beyond_the_bound() {
    let nothing = "invoiceLineItems must come to more than 0.00 together.";
    let discount = charge("1", "-20", None);
    assert_eq!(made(&invoice(vec![charge("1", "20", None), discount.clone()])).unwrap_err(), [nothing]);
    assert_eq!(made(&invoice(vec![discount.clone()])).unwrap_err(), [nothing]);
    assert_eq!(made(&invoice(vec![charge("1", "20.01", None), discount])).unwrap().lines.total, Amount(1));
    let most = charge("1", "999999999999.99", None);
    assert!(made(&invoice(vec![most.clone()])).is_ok());
    let beyond = "must be between -999999999999.99 and 999999999999.99.";
    assert_eq!(made(&invoice(vec![most; 2])).unwrap_err(), [format!("invoiceLineItems {beyond}")]);
    let huge = charge("999999999999.99", "999999999999.99", None);
    assert_eq!(made(&invoice(vec![huge])).unwrap_err(), [format!("{AT}/amount {beyond}")]);
}

#[test]
fn every_mistake_is_told_at_once() {
    let new = NewInvoice {
        currency: Some(currency("EUR")),
        invoiced_on: Some(TODAY),
        due_on: Some(TODAY.previous()),
        ..invoice(vec![charge("3", "1", Some("1.001")), charge("3", "1", Some("4"))])
    };
    let found = made(&new).unwrap_err();
    assert_eq!(
        found[..3],
        [
            "currency must be the customer's, USD.".to_owned(),
            "dueDate must not be before invoiceDate.".to_owned(),
            format!("{AT}/amount may have at most 2 decimals."),
        ]
    );
    assert_eq!(found.len(), 4);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_total_is_the_sum_of_the_charges_to_the_coin(
        units in prop::collection::vec((1..1_000_000i64, 1..1_000_000i64), 1..12),
        currency in any_currency(),
    ) {
        let charges = units.iter().map(|(units, each)| NewInvoiceCharge {
            text: "t".into(),
            quantity: Some(domain::money::Quantity(Decimal::new(*units, 3))),
            unit_price: Some(domain::money::Price(Decimal::new(*each, 4))),
            ..NewInvoiceCharge::default()
        });
        if let Ok(made) = made_in(&invoice(charges.collect()), currency) {
            let sum: Amount = made.lines.lines.iter().flat_map(|line| &line.charges).map(|charge| charge.amount).sum();
            prop_assert_eq!(made.lines.total, sum);
            // Said again with its amounts, it is the same invoice.
            let again = made.lines.lines[0].charges.iter().map(|charge| NewInvoiceCharge {
                text: charge.text.clone(),
                quantity: Some(charge.quantity),
                unit_price: Some(charge.unit_price),
                amount: Some(currency.decimal(charge.amount)),
                ..NewInvoiceCharge::default()
            });
            prop_assert_eq!(made_in(&invoice(again.collect()), currency), Ok(made));
        }
    }
}
