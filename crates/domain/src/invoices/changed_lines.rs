//! Lines of an invoice beside those that replace them: what must stay, what becomes of the tax, what is the same.

use rust_decimal::Decimal;

use super::{
    ChargeKind, FullInvoice, InvoiceCharge, InvoiceLine, NewInvoiceLine, PricedCharge, PricedLine, PricedLines,
};
use crate::checks::Problems;
use crate::ids::InvoiceChargeId;
use crate::money::{Amount, Currency};

impl PricedLines {
    /// The part of the total that is tax.
    pub fn tax(&self) -> Amount {
        self.lines.iter().flat_map(|line| &line.charges).map(|charge| charge.tax).sum()
    }
}

impl PricedCharge {
    /// To be stored under this id, in the place of `current` where there is one: what it was billed for stays.
    pub fn stored(
        &self,
        id: InvoiceChargeId,
        position: i64,
        current: Option<&InvoiceCharge>,
        currency: Currency,
    ) -> InvoiceCharge {
        let explanation = match current {
            Some(current) if is_same_charge(self, current) => current.explanation.clone(),
            Some(_) | None => self.explanation(currency),
        };
        InvoiceCharge {
            id,
            position,
            charge: current.and_then(|current| current.charge),
            order_line: current.and_then(|current| current.order_line),
            tier: current.and_then(|current| current.tier),
            text: self.text.clone(),
            kind: current.map_or(ChargeKind::Advance, |current| current.kind),
            accounting_code: self.accounting_code.clone(),
            charged_on: self.charged_on,
            period: self.period,
            quantity: self.quantity,
            unit_of_measure: self.unit_of_measure.clone(),
            unit_price: self.unit_price,
            is_percent: self.is_percent,
            amount: self.amount,
            tax: self.tax,
            explanation,
        }
    }

    fn explanation(&self, currency: Currency) -> String {
        let amount = currency.format(self.amount);
        let product = self.quantity.0.checked_mul(self.unit_price.0);
        let percent = if self.is_percent { Decimal::ONE_HUNDRED } else { Decimal::ONE };
        let exact = product.and_then(|product| currency.round(product / percent).ok());
        let (price, quantity) = (self.unit_price.format(currency), self.quantity.format(0));
        match exact {
            Some(exact) if exact == self.amount && self.is_percent => format!("{price}% of {quantity} = {amount}"),
            Some(exact) if exact == self.amount => format!("{price} × {quantity} = {amount}"),
            Some(_) | None => format!("{amount}, as given"),
        }
    }
}

/// What was billed for an order keeps its days: they say what is billed already. Usage keeps its figures, too, which
/// are those of its activities.
pub(super) fn fixed(given: &[PricedLine], current: &[InvoiceLine]) -> Problems {
    let mut problems = Problems::new();
    let charges = || (1..).zip(given).flat_map(|(n, line)| (1..).zip(&line.charges).map(move |(m, of)| (n, m, of)));
    for current in current.iter().flat_map(|line| &line.charges) {
        let found = charges().find(|(_, _, given)| given.id == Some(current.id));
        let is_usage = current.kind == ChargeKind::Usage;
        let Some((n, m, given)) = found else {
            if is_usage {
                let message = format!(
                    "invoiceLineItems must keep the charge {} with its figures: it is usage. Cancel the invoice instead.",
                    current.id
                );
                problems.add("invoiceLineItems", message);
            }
            continue;
        };
        let place = format!("invoiceLineItems/invoiceLineItem[{n}]/invoiceLineItemCharges/invoiceLineItemCharge[{m}]");
        if current.order_line.is_some() && given.period != current.period {
            let field = format!("{place}/billingStartDate");
            problems
                .add(&field, format!("{field} and billingEndDate can't change: the order was billed for these days."));
        }
        if is_usage && (given.quantity, given.amount) != (current.quantity, current.amount) {
            let field = format!("{place}/amount");
            let message =
                format!("{field} and quantity can't change: they are those of usage. Cancel the invoice instead.");
            problems.add(&field, message);
        }
    }
    problems
}

/// A tax that is added is booked as it stands now. One that prices contain follows what else is on its line.
pub(super) fn tax(given: &mut [PricedLine], current: &[InvoiceLine], currency: Currency) {
    for line in given {
        let Some(before) = current.iter().find(|before| Some(before.id) == line.id) else { continue };
        let taxed = |charges: &mut dyn Iterator<Item = Amount>| charges.sum::<Amount>();
        let now = taxed(&mut line.charges.iter().map(|charge| charge.amount));
        let then = taxed(&mut before.charges.iter().map(|charge| charge.amount));
        for charge in &mut line.charges {
            let Some(before) = before.charges.iter().find(|before| Some(before.id) == charge.id) else { continue };
            charge.tax = match before.kind {
                ChargeKind::Tax if before.tax == before.amount => charge.amount,
                ChargeKind::Tax if now != then => share(before.tax, now, then, currency),
                ChargeKind::Tax
                | ChargeKind::Advance
                | ChargeKind::Arrears
                | ChargeKind::Usage
                | ChargeKind::Credit => before.tax,
            };
        }
    }
}

fn share(tax: Amount, now: Amount, then: Amount, currency: Currency) -> Amount {
    let exact = (currency.decimal(tax) * currency.decimal(now)).checked_div(currency.decimal(then));
    exact.and_then(|exact| currency.round(exact).ok()).unwrap_or(Amount::ZERO)
}

pub(super) fn unknown_ids(given: &[NewInvoiceLine], current: &FullInvoice) -> Problems {
    let mut problems = Problems::new();
    for (n, line) in (1..).zip(given) {
        let place = format!("invoiceLineItems/invoiceLineItem[{n}]");
        let is_known = |of: &InvoiceLine| Some(of.id) == line.id;
        if line.id.is_some() && !current.lines.iter().any(is_known) {
            problems.add(&place, format!("{place}/id names no line of the invoice."));
        }
        for (m, charge) in (1..).zip(&line.charges) {
            let mut known = current.lines.iter().filter(|of| is_known(of)).flat_map(|of| &of.charges);
            if charge.id.is_some_and(|id| !known.any(|of| of.id == id)) {
                let place = format!("{place}/invoiceLineItemCharges/invoiceLineItemCharge[{m}]");
                problems.add(&place, format!("{place}/id names no charge of the line."));
            }
        }
    }
    problems
}

pub(super) fn is_same(given: &[PricedLine], current: &[InvoiceLine]) -> bool {
    given.len() == current.len()
        && given.iter().zip(current).all(|(given, line)| {
            given.id == Some(line.id)
                && (&given.text, given.period) == (&line.text, line.period)
                && given.charges.len() == line.charges.len()
                && given.charges.iter().zip(&line.charges).all(|(given, charge)| is_same_charge(given, charge))
        })
}

fn is_same_charge(given: &PricedCharge, charge: &InvoiceCharge) -> bool {
    given.id == Some(charge.id)
        && (&given.text, &given.accounting_code) == (&charge.text, &charge.accounting_code)
        && (given.period, given.quantity, &given.unit_of_measure)
            == (charge.period, charge.quantity, &charge.unit_of_measure)
        && (given.unit_price, given.amount, given.charged_on) == (charge.unit_price, charge.amount, charge.charged_on)
}
