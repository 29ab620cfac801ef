//! The lines that a merchant gives an invoice, added up: every problem at once.
//!
//! What is given is kept to the coin: an amount is the merchant's, also where it is a cent beside quantity × price.
//! What is left out is computed. A charge with dates of its own may be prorated, so its amount is taken as it is.

use rust_decimal::Decimal;

use crate::checks::Problems;
use crate::dates::{Date, Period};
use crate::ids::{InvoiceChargeId, InvoiceLineId};
use crate::money::{Amount, Currency, OutOfRange, Price, Quantity};

/// How far given sums may be from what they should be: a cent, in any currency.
const TOLERANCE: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// A line as it comes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewInvoiceLine {
    /// Of a line that is there, to keep.
    pub id: Option<InvoiceLineId>,
    pub text: String,
    pub period: Option<Period>,
    /// The sum of its charges, to be checked.
    pub amount: Option<Decimal>,
    /// At least one.
    pub charges: Vec<NewInvoiceCharge>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewInvoiceCharge {
    pub id: Option<InvoiceChargeId>,
    pub text: String,
    /// `None`: one.
    pub quantity: Option<Quantity>,
    /// A percentage where `is_percent`; the quantity is money then.
    pub unit_price: Option<Price>,
    pub is_percent: bool,
    pub amount: Option<Decimal>,
    pub period: Option<Period>,
    /// The day of what happened on one.
    pub charged_on: Option<Date>,
    pub accounting_code: Option<String>,
    pub unit_of_measure: Option<String>,
}

/// Sums that an invoice says itself, to be checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub current_amount_due: Option<Decimal>,
    /// With what the customer owed before, or without.
    pub total_due: Option<Decimal>,
    pub outstanding_balance: Option<Decimal>,
}

/// Lines with every value, to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedLines {
    pub lines: Vec<PricedLine>,
    pub total: Amount,
    /// From the first day to the last.
    pub period: Period,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedLine {
    pub id: Option<InvoiceLineId>,
    pub text: String,
    pub period: Period,
    pub charges: Vec<PricedCharge>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PricedCharge {
    pub id: Option<InvoiceChargeId>,
    pub text: String,
    pub accounting_code: Option<String>,
    pub period: Period,
    pub charged_on: Option<Date>,
    pub quantity: Quantity,
    pub unit_of_measure: Option<String>,
    pub unit_price: Price,
    pub is_percent: bool,
    pub amount: Amount,
    /// What the ledger books as tax: nothing, unless a run billed it.
    pub tax: Amount,
}

/// What has no dates of its own is of `day`.
pub(super) fn price(
    lines: &[NewInvoiceLine],
    currency: Currency,
    day: Date,
    problems: &mut Problems,
) -> Option<PricedLines> {
    let mut pricer = Pricer { currency, problems: Problems::new() };
    let priced =
        (1..).zip(lines).map(|(n, line)| pricer.line(&format!("invoiceLineItems/invoiceLineItem[{n}]"), line, day));
    let priced: Vec<Option<PricedLine>> = priced.collect();
    let priced: Option<Vec<PricedLine>> = priced.into_iter().collect();
    let total = priced.as_ref().and_then(|lines| pricer.total(lines));
    let is_right = pricer.problems.is_empty();
    problems.extend(pricer.problems);
    let lines = priced.filter(|_| is_right)?;
    let period = covering(lines.iter().map(|line| line.period))?;
    Some(PricedLines { lines, total: total?, period })
}

impl Totals {
    pub(super) fn check(&self, total: Decimal, previous: Decimal, problems: &mut Problems) {
        for (field, given, or) in [
            ("currentAmountDue", self.current_amount_due, total),
            ("totalDue", self.total_due, total + previous),
            ("outstandingBalance", self.outstanding_balance, total),
        ] {
            if given.is_some_and(|given| !is_near(given, total) && !is_near(given, or)) {
                problems.add(field, format!("{field} must be the sum of the charges, {total}, within 0.01."));
            }
        }
    }
}

struct Pricer {
    currency: Currency,
    problems: Problems,
}

impl Pricer {
    fn line(&mut self, place: &str, line: &NewInvoiceLine, day: Date) -> Option<PricedLine> {
        let of_charges = covering(line.charges.iter().filter_map(|charge| charge.period));
        let period = line.period.or(of_charges).unwrap_or_else(|| one_day(day));
        let priced = (1..).zip(&line.charges).map(|(n, charge)| {
            self.charge(&format!("{place}/invoiceLineItemCharges/invoiceLineItemCharge[{n}]"), charge, period)
        });
        // All of them, for their problems.
        let charges: Vec<Option<PricedCharge>> = priced.collect();
        let charges: Vec<PricedCharge> = charges.into_iter().collect::<Option<_>>()?;
        let sum: Decimal = charges.iter().map(|charge| self.currency.decimal(charge.amount)).sum();
        if line.amount.is_some_and(|given| !is_near(given, sum)) {
            self.wrong(place, "amount", &format!("must be the sum of the line's charges, {sum}, within 0.01"));
        }
        Some(PricedLine { id: line.id, text: line.text.clone(), period, charges })
    }

    fn charge(&mut self, place: &str, charge: &NewInvoiceCharge, of_line: Period) -> Option<PricedCharge> {
        let quantity = charge.quantity.unwrap_or(Quantity::ONE);
        let unit_price = charge.unit_price.or_else(|| {
            let is_one = quantity == Quantity::ONE && !charge.is_percent;
            charge.amount.filter(|_| is_one).map(Price)
        });
        let Some(unit_price) = unit_price else {
            let missing = if charge.amount.is_some() { "unitPrice" } else { "amount" };
            self.wrong(place, missing, "is required");
            return None;
        };
        let amount = self.amount(place, charge, quantity, unit_price)?;
        Some(PricedCharge {
            id: charge.id,
            text: charge.text.clone(),
            accounting_code: charge.accounting_code.clone(),
            period: charge.period.unwrap_or(of_line),
            charged_on: charge.charged_on,
            quantity,
            unit_of_measure: charge.unit_of_measure.clone(),
            unit_price,
            is_percent: charge.is_percent,
            amount,
            tax: Amount::ZERO,
        })
    }

    fn amount(&mut self, place: &str, charge: &NewInvoiceCharge, quantity: Quantity, price: Price) -> Option<Amount> {
        let product = quantity.0.checked_mul(price.0);
        let exact = if charge.is_percent { product.map(|product| product / Decimal::ONE_HUNDRED) } else { product };
        let computed = exact.and_then(|exact| self.currency.round(exact).ok());
        let given = match charge.amount {
            Some(given) => self.currency.amount(given).map_err(|must| must.to_string()),
            None => computed.ok_or_else(|| OutOfRange.to_string()),
        };
        let product = exact.into_iter().chain(computed.map(|computed| self.currency.decimal(computed)));
        let is_product = |given: Decimal| product.clone().any(|product| is_near(given, product));
        let is_fixed = charge.period.is_none();
        match (given, charge.amount) {
            (Err(must), _) => self.wrong(place, "amount", &must),
            (Ok(_), Some(given)) if is_fixed && !is_product(given) => {
                let must = if charge.is_percent { "quantity × unitPrice / 100" } else { "quantity × unitPrice" };
                let must = format!("must be {must} within 0.01, unless billingStartDate and billingEndDate are given");
                self.wrong(place, "amount", &must);
            }
            (Ok(amount), _) => return Some(amount),
        }
        None
    }

    fn total(&mut self, lines: &[PricedLine]) -> Option<Amount> {
        let charges = lines.iter().flat_map(|line| &line.charges);
        let sum: Decimal = charges.map(|charge| self.currency.decimal(charge.amount)).sum();
        let problem = match self.currency.amount(sum) {
            Ok(total) if total.is_positive() => return Some(total),
            Ok(_) => "must come to more than 0.00 together".to_owned(),
            Err(must) => must.to_string(),
        };
        self.problems.add("invoiceLineItems", format!("invoiceLineItems {problem}."));
        None
    }

    fn wrong(&mut self, place: &str, name: &str, predicate: &str) {
        let field = format!("{place}/{name}");
        self.problems.add(&field, format!("{field} {predicate}."));
    }
}

pub(super) fn one_day(day: Date) -> Period {
    Period { start: day, end: day.add_days(1) }
}

fn covering(periods: impl Iterator<Item = Period> + Clone) -> Option<Period> {
    let start = periods.clone().map(|period| period.start).min()?;
    let end = periods.map(|period| period.end).max()?;
    Some(Period { start, end })
}

fn is_near(one: Decimal, other: Decimal) -> bool {
    (one - other).abs() <= TOLERANCE
}
