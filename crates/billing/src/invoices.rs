//! Invoices: issuing and finding them.

use domain::bill::{Request, bill};
use domain::customers::Customer;
use domain::ids::{InvoiceChargeId, InvoiceId, InvoiceLineId, OrderId};
use domain::invoices::{Draft, DraftLine, FullInvoice, Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus};
use domain::ledger;
use domain::money::{Amount, within_bounds};
use domain::orders::Order;
use domain::plans::Plan;
use domain::usage::Usage;
use store::ledger::Posting;
use store::numbers::Counter;

use crate::mails::{self, Subject};
use crate::{Error, Result, Unit, View};

/// Bills everything that is due of `orders`: on one invoice, apart from what wants its own, and on none when that
/// comes to nothing. The orders are left as they are afterwards. The customer is locked by the caller.
pub(crate) async fn issue(
    unit: &mut Unit,
    customer: &Customer,
    orders: &mut [(Order, Plan)],
) -> Result<Vec<FullInvoice>> {
    let request =
        Request { orders, credits: &[], usage: Usage::default(), today: unit.today, own_currency: unit.org.currency };
    let billed = bill(&request)?;
    for ((order, _), after) in orders.iter_mut().zip(billed.orders) {
        *order = Order { updated_at: unit.now, ..after };
        store::orders::save(&mut unit.tx, unit.org.id, order).await?;
    }
    let mut issued = Vec::new();
    let mut customer = customer.clone();
    for draft in &billed.drafts {
        let invoice = store_draft(unit, &customer, draft, orders).await?;
        customer.financials = customer.financials.invoiced(invoice.head.total, invoice.head.invoiced_on);
        issued.push(invoice);
    }
    Ok(issued)
}

async fn store_draft(
    unit: &mut Unit,
    customer: &Customer,
    draft: &Draft,
    orders: &[(Order, Plan)],
) -> Result<FullInvoice> {
    let head = head(unit, customer, draft, orders).await?;
    let mut lines = Vec::new();
    for (position, line) in (1i64..).zip(&draft.lines) {
        lines.push((line.order, number_line(unit, position, line).await?));
    }
    store::invoices::insert(&mut unit.tx, unit.org.id, &head, &lines).await?;
    book(unit, customer, &head).await?;
    mails::happened(unit, customer, Subject::Invoice(&head)).await?;
    let mut included: Vec<OrderId> = lines.iter().map(|(order, _)| *order).collect();
    included.sort_unstable();
    included.dedup();
    let lines = lines.into_iter().map(|(_, line)| line).collect();
    Ok(FullInvoice { head, orders: included, lines, allocations: Vec::new() })
}

async fn head(unit: &mut Unit, customer: &Customer, draft: &Draft, orders: &[(Order, Plan)]) -> Result<Invoice> {
    let total = draft.total();
    if !within_bounds(customer.currency.decimal(total)) || total < Amount::ZERO {
        return Err(Error::refused("The invoice's total is out of range."));
    }
    let first = orders.iter().find(|(order, _)| draft.lines.first().is_some_and(|line| line.order == order.id));
    let (first, _) = first.ok_or_else(|| Error::bug("an invoice without an order"))?;
    let number = store::numbers::next(&mut unit.tx, unit.org.id, Counter::Invoice).await?;
    Ok(Invoice {
        id: unit.id(InvoiceId).await?,
        customer: customer.id,
        number: number.to_string(),
        status: InvoiceStatus::Outstanding,
        currency: customer.currency,
        billing_period: draft.billing_period,
        invoiced_on: unit.today,
        due_on: draft.due_on,
        period: draft.period(),
        total,
        previous_balance: customer.financials.outstanding_balance,
        applied: Amount::ZERO,
        reserved: Amount::ZERO,
        notes: first.invoice_notes.clone(),
        created_at: unit.now,
        updated_at: unit.now,
    })
}

async fn number_line(unit: &mut Unit, position: i64, line: &DraftLine) -> Result<InvoiceLine> {
    let mut charges = Vec::new();
    for (position, charge) in (1i64..).zip(&line.charges) {
        charges.push(InvoiceCharge {
            id: unit.id(InvoiceChargeId).await?,
            position,
            charge: Some(charge.charge),
            order_line: Some(charge.order_line),
            tier: Some(charge.tier),
            text: charge.text.clone(),
            accounting_code: charge.accounting_code.clone(),
            period: charge.period,
            quantity: charge.quantity,
            unit_of_measure: charge.unit_of_measure.clone(),
            unit_price: charge.unit_price,
            amount: charge.amount,
            explanation: charge.explanation.clone(),
        });
    }
    let id = unit.id(InvoiceLineId).await?;
    Ok(InvoiceLine { id, position, text: line.text.clone(), period: line.period, charges })
}

/// Books the debt: in the ledger, and in the sums kept beside it.
async fn book(unit: &mut Unit, customer: &Customer, head: &Invoice) -> Result<()> {
    let financials = customer.financials.invoiced(head.total, head.invoiced_on);
    store::financials::save(&mut unit.tx, unit.org.id, customer.id, &financials).await?;
    let posting = Posting {
        customer: customer.id,
        invoice: Some(head.id),
        payment: None,
        booked_on: head.invoiced_on,
        now: unit.now,
    };
    let ids = [unit.id(|id| id).await?, unit.id(|id| id).await?];
    store::ledger::post(&mut unit.tx, unit.org.id, posting, ledger::invoiced(head.total), ids).await?;
    Ok(())
}

/// An invoice by id or by number, as an address names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvoiceKey {
    pub id: Option<InvoiceId>,
    pub number: Option<String>,
}

pub async fn get(view: &mut View, key: &InvoiceKey) -> Result<FullInvoice> {
    let id = resolve(view, key).await?;
    store::invoices::full(&mut view.conn, view.org.id, id).await?.ok_or(Error::NotFound("invoice"))
}

async fn resolve(view: &mut View, key: &InvoiceKey) -> Result<InvoiceId> {
    let by_number = match &key.number {
        Some(number) => {
            let found = store::invoices::find_id(&mut view.conn, view.org.id, number).await?;
            Some(found.ok_or(Error::NotFound("invoice"))?)
        }
        None => None,
    };
    match (key.id, by_number) {
        (Some(id), Some(other)) if id != other => {
            Err(Error::invalid("invoiceNumber", "invoiceNumber names another invoice than the id does."))
        }
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err(Error::invalid(
            "invoiceNumber",
            "The invoice is missing: give its id in the path, or invoiceNumber in the query.",
        )),
    }
}
