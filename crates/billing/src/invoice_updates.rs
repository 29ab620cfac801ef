//! Invoices changed and cancelled (`api.md` §5.2). What is owed more or less is posted, never written over.
//!
//! A cancelled invoice asks for nothing, and nothing of it is billed again by itself: neither its periods nor its
//! usage, which stays processed. A merchant who wants any of it paid makes an invoice of it.

use domain::access::Actor;
use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::{InvoiceChargeId, InvoiceId, InvoiceLineId, OrderId, OrganizationId};
use domain::invoices::{
    FullInvoice, Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus, InvoiceUpdate, PricedLine, Updated,
};
use domain::ledger::{self, Entry};
use domain::money::{Amount, within_bounds};
use domain::orders::{By, Order, OrderStatus};
use store::invoices::NewInvoice;
use store::ledger::Posting;

use crate::mails::{self, Subject};
use crate::{Billing, Error, Result, Unit, credits, customers};

/// What becomes of the orders on an invoice that is cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orders {
    Stay,
    /// Those that are active.
    AreSuspended,
}

pub async fn update(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: InvoiceId,
    update: &InvoiceUpdate,
) -> Result<FullInvoice> {
    billing.unit(org, actor, async |unit| change(unit, id, update).await).await
}

pub async fn cancel(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    id: InvoiceId,
    orders: Orders,
) -> Result<FullInvoice> {
    billing.unit(org, actor, async |unit| end(unit, id, orders).await).await
}

/// The invoice as it is once nobody else bills or pays for its customer, who is locked.
async fn lock(unit: &mut Unit, id: InvoiceId) -> Result<(Customer, FullInvoice)> {
    let head = store::invoices::find(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("invoice"))?;
    let customer = customers::lock(unit, head.customer).await?;
    let invoice = store::invoices::full(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("invoice"))?;
    Ok((customer, invoice))
}

async fn change(unit: &mut Unit, id: InvoiceId, update: &InvoiceUpdate) -> Result<FullInvoice> {
    let (mut customer, current) = lock(unit, id).await?;
    let mut updated = update.applied_to(&current, customer.ext_customer_ref.as_deref())?;
    let is_issued = current.head.status == InvoiceStatus::Draft && updated.head.status.is_owed();
    if is_issued {
        updated.head.previous_balance = customer.financials.outstanding_balance;
    }
    store::invoices::update(&mut unit.tx, unit.org.id, &updated.head, unit.now).await?;
    if updated.lines.is_some() {
        replace_lines(unit, &current, &updated).await?;
    }
    let entries = ledger::invoiced_with_tax(updated.posted - updated.posted_tax, updated.posted_tax);
    post(unit, &updated.head, &entries).await?;
    customer.financials = if is_issued {
        customer.financials.invoiced(updated.head.total, updated.head.invoiced_on)
    } else {
        customer.financials.corrected(updated.posted)
    };
    save_financials(unit, &customer).await?;
    if is_issued {
        credits::apply_open(unit, &[customer.id]).await?;
    }
    let changed = store::invoices::full(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("invoice"))?;
    if is_issued {
        mails::happened(unit, &customer, Subject::Invoice(&changed.head)).await?;
    }
    Ok(changed)
}

async fn post(unit: &mut Unit, head: &Invoice, entries: &[Entry]) -> Result<()> {
    let (customer, invoice, booked_on) = (head.customer, Some(head.id), unit.today);
    let of = Posting { customer, invoice, payment: None, booked_on, now: unit.now };
    if entries.is_empty() { Ok(()) } else { unit.post(of, entries).await }
}

async fn save_financials(unit: &mut Unit, customer: &Customer) -> Result<()> {
    if !within_bounds(customer.currency.decimal(customer.financials.outstanding_balance)) {
        return Err(Error::refused("The customer's balance would be out of range."));
    }
    store::financials::save(&mut unit.tx, unit.org.id, customer.id, &customer.financials).await?;
    Ok(())
}

/// Those with an id keep it, and what they were billed for.
async fn replace_lines(unit: &mut Unit, current: &FullInvoice, updated: &Updated) -> Result<()> {
    let orders = store::invoices::orders_of_lines(&mut unit.tx, unit.org.id, current.head.id).await?;
    let given = updated.lines.iter().flat_map(|lines| &lines.lines);
    let mut lines = Vec::new();
    for (position, given) in (1i64..).zip(given) {
        let order = orders.iter().find(|(id, _)| Some(*id) == given.id).and_then(|(_, order)| *order);
        lines.push((order, line(unit, current, given, position).await?));
    }
    let before: Vec<&InvoiceCharge> = current.lines.iter().flat_map(|line| &line.charges).collect();
    let after: Vec<&InvoiceCharge> = lines.iter().flat_map(|(_, line)| &line.charges).collect();
    let parts = before.into_iter().map(|charge| (charge, -charge.amount));
    let parts: Vec<_> = parts.chain(after.into_iter().map(|charge| (charge, charge.amount))).collect();
    for order in affected(unit, current).await? {
        let order = brought(order, &parts);
        store::orders::save(&mut unit.tx, unit.org.id, &Order { updated_at: unit.now, ..order }).await?;
    }
    let new = NewInvoice { head: updated.head.clone(), lines };
    store::invoices::replace_lines(&mut unit.tx, unit.org.id, &new).await?;
    Ok(())
}

async fn line(unit: &mut Unit, current: &FullInvoice, given: &PricedLine, position: i64) -> Result<InvoiceLine> {
    let before = current.lines.iter().find(|line| Some(line.id) == given.id);
    let mut charges = Vec::with_capacity(given.charges.len());
    for (position, charge) in (1i64..).zip(&given.charges) {
        let before = before.and_then(|line| line.charges.iter().find(|before| Some(before.id) == charge.id));
        let id = match charge.id {
            Some(id) => id,
            None => unit.id(InvoiceChargeId).await?,
        };
        charges.push(charge.stored(id, position, before, current.head.currency));
    }
    let id = match given.id {
        Some(id) => id,
        None => unit.id(InvoiceLineId).await?,
    };
    Ok(InvoiceLine { id, position, text: given.text.clone(), period: given.period, charges })
}

/// The orders on an invoice, each nobody else's from now on.
async fn affected(unit: &mut Unit, invoice: &FullInvoice) -> Result<Vec<Order>> {
    let mut orders = Vec::new();
    for id in &invoice.orders {
        let id: OrderId = *id;
        orders.extend(store::orders::lock(&mut unit.tx, unit.org.id, id).await?);
    }
    Ok(orders)
}

/// The order, which has brought so much more by these charges.
fn brought(mut order: Order, parts: &[(&InvoiceCharge, Amount)]) -> Order {
    for line in &mut order.lines {
        let own = parts.iter().filter(|(charge, _)| charge.order_line == Some(line.id));
        let difference: Amount = own.map(|(_, amount)| *amount).sum();
        line.lifetime_value += difference;
        order.lifetime_value += difference;
    }
    order
}

async fn end(unit: &mut Unit, id: InvoiceId, orders: Orders) -> Result<FullInvoice> {
    let (mut customer, current) = lock(unit, id).await?;
    let head = current.head.clone().cancelled().map_err(|reason| Error::refused(format!("{reason}.")))?;
    if current.head.status.is_owed() {
        let (net, tax) = (head.total - current.tax(), current.tax());
        post(unit, &head, &ledger::invoice_cancelled(net, tax)).await?;
        customer.financials = customer.financials.corrected(-head.total);
        save_financials(unit, &customer).await?;
    }
    store::invoices::save(&mut unit.tx, unit.org.id, &head, unit.now).await?;
    store::invoices::end_charges(&mut unit.tx, unit.org.id, id).await?;
    let parts: Vec<_> =
        current.lines.iter().flat_map(|line| &line.charges).map(|charge| (charge, -charge.amount)).collect();
    for order in affected(unit, &current).await? {
        let order = brought(order, &parts);
        end_order(unit, order, orders).await?;
    }
    // Of a draft nobody has heard.
    if current.head.status != InvoiceStatus::Draft {
        unit.happened(EventType::InvoiceCancelled, customer.id, id.0).await?;
    }
    store::invoices::full(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("invoice"))
}

async fn end_order(unit: &mut Unit, order: Order, orders: Orders) -> Result<()> {
    let is_suspended = orders == Orders::AreSuspended && order.status == OrderStatus::Active;
    let order = if is_suspended {
        unit.happened(EventType::OrderStatusChange, order.customer, order.id.0).await?;
        let moved = order.moved(OrderStatus::Suspended, By::Action, unit.today);
        moved.map_err(|reason| Error::refused(format!("{reason}.")))?
    } else {
        order
    };
    store::orders::save(&mut unit.tx, unit.org.id, &Order { updated_at: unit.now, ..order }).await?;
    Ok(())
}
