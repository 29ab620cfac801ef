//! Taxes on an invoice: a percentage of an order's other charges in the same period, on the same invoice.
//!
//! A tax is computed on the rounded amounts it applies to, as they are printed, and rounded once. An exclusive tax is
//! added to them. An inclusive one is contained in them already: its charge shows how much and adds 0.00. Either way
//! net + tax = what is to be paid, to the smallest coin. A credit gives back the tax of the credited amount.

use rust_decimal::Decimal;

use crate::invoices::{ChargeKind, DraftCharge, DraftLine};
use crate::money::{Amount, Currency, OutOfRange, Price, Quantity};
use crate::orders::{Order, OrderLine};
use crate::plans::{Charge, Plan, Tax};

/// The charges for the order's taxes on what `line` holds; none where there is nothing to tax.
pub fn on(line: &DraftLine, order: &Order, plan: &Plan) -> Result<Vec<DraftCharge>, OutOfRange> {
    let mut taxes = Vec::new();
    for (of, charge) in order.lines.iter().filter_map(|of| Some((of, plan.charge(of.charge)?))) {
        let Some(kind) = charge.tax else { continue };
        let taxed = line.charges.iter().filter(|other| plan.charge(other.charge).is_some_and(|it| charge.taxes(it)));
        let base: Amount = taxed.map(|other| other.amount).sum();
        if !base.is_zero() {
            taxes.push(tax(line, (of, charge), kind, base, order.currency)?);
        }
    }
    Ok(taxes)
}

fn tax(
    line: &DraftLine,
    (of, charge): (&OrderLine, &Charge),
    kind: Tax,
    base: Amount,
    currency: Currency,
) -> Result<DraftCharge, OutOfRange> {
    let tier = charge.tiers.first().expect("a tax has its percentage");
    let percent = tier.percent.unwrap_or_default();
    let (tax, amount, explanation) = split(kind, percent, base, currency)?;
    Ok(DraftCharge {
        charge: charge.id,
        order_line: of.id,
        tier: tier.id,
        text: charge.invoice_text.clone(),
        kind: ChargeKind::Tax,
        accounting_code: charge.accounting_code.clone(),
        period: line.period,
        quantity: Quantity(currency.decimal(base)),
        unit_of_measure: charge.unit_of_measure.clone(),
        unit_price: Price(percent),
        is_percent: true,
        amount,
        tax,
        activities: Vec::new(),
        explanation,
    })
}

/// The tax on `base`, what it adds to the invoice, and why.
fn split(
    kind: Tax,
    percent: Decimal,
    base: Amount,
    currency: Currency,
) -> Result<(Amount, Amount, String), OutOfRange> {
    let shown_base = currency.format(base);
    let percent_shown = percent.normalize();
    let scaled = currency.decimal(base).checked_mul(percent).ok_or(OutOfRange)?;
    match kind {
        Tax::Exclusive => {
            let exact = scaled / Decimal::ONE_HUNDRED;
            let tax = currency.round(exact)?;
            let result = crate::pricing::shown(exact, tax, currency);
            Ok((tax, tax, format!("{percent_shown}% × {shown_base} = {result}")))
        }
        Tax::Inclusive => {
            let whole = Decimal::ONE_HUNDRED + percent;
            let tax = currency.round(scaled / whole)?;
            let (shown_tax, net) = (currency.format(tax), currency.format(base - tax));
            let how = format!("{shown_base} × {percent_shown}/{}", whole.normalize());
            Ok((tax, Amount::ZERO, format!("included: {how} = {shown_tax}; {net} + {shown_tax} = {shown_base}")))
        }
    }
}
