//! Billing customers: what their orders owe is decided by `domain::bill`, and carried out here, in few statements for
//! however many customers.
//!
//! A draft becomes an invoice, or a credit where more is given back than owed, or nothing but a record of its charges
//! where it comes to 0.00. Usage in it is processed in the same transaction, whatever becomes of it.

mod sheet;

use std::collections::{HashMap, HashSet};

use domain::bill::{Bill, Request, bill};
use domain::customers::Customer;
use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId, OrderLineId};
use domain::invoices::{DraftLine, FullInvoice, Outcome};
use domain::ledger;
use domain::orders::Order;
use domain::payments::FullPayment;
use domain::plans::{ChargeType, Plan};
use domain::usage::{Activity, Usage};
use store::financials::Payer;

use crate::credits::{self, Grant};
use crate::orders::check_billed;
use crate::{Error, Result, Unit};
use sheet::Sheet;
pub(crate) use sheet::full;

/// A customer, locked by the caller, and the orders to bill, each with the plan that it is billed by.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub customer: Payer,
    pub orders: Vec<(Order, Plan)>,
    /// Of a change order, see [`Request::credits`].
    pub credits: Vec<DraftLine>,
}

/// What became of an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Issued {
    /// As they were given, afterwards.
    pub orders: Vec<Order>,
    pub invoices: Vec<FullInvoice>,
}

/// A customer as far as billing asks.
pub(crate) fn payer(customer: &Customer) -> Payer {
    Payer { id: customer.id, currency: customer.currency, financials: customer.financials }
}

/// Bills everything that is due of all orders of a customer, who is locked.
pub(crate) async fn issue_for(unit: &mut Unit, customer: &Customer) -> Result<Vec<FullInvoice>> {
    check_billed(customer)?;
    let ids = store::orders::billable_of(&mut unit.tx, unit.org.id, customer.id, unit.today).await?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut orders = Vec::new();
    for order in store::orders::lock_all(&mut unit.tx, unit.org.id, &ids).await? {
        let plan = store::plans::of_order(&mut unit.tx, unit.org.id, &order).await?;
        orders.push((order, plan.ok_or_else(|| Error::bug("an order without its plan"))?));
    }
    let account = Account { customer: payer(customer), orders, credits: Vec::new() };
    Ok(issue(unit, account).await?.invoices)
}

/// Bills everything that is due of one customer's orders.
pub(crate) async fn issue(unit: &mut Unit, account: Account) -> Result<Issued> {
    let mut issued = issue_all(unit, &[account]).await?;
    Ok(issued.pop().unwrap_or_default())
}

/// The same for many customers; tells what became of each, in their order.
pub(crate) async fn issue_all(unit: &mut Unit, accounts: &[Account]) -> Result<Vec<Issued>> {
    let bills = decide(unit, accounts).await?;
    let mut sheet = Sheet::begin(unit, &bills).await?;
    let customers = sheet.add(accounts, &bills)?;
    sheet.write(unit).await?;
    // Before anybody is told what is owed.
    let paid = credits::apply_open(unit, &sheet.invoiced()).await?;
    let mut paid_of: HashSet<InvoiceId> = paid.iter().map(|invoice| invoice.id).collect();
    sheet.update(paid);
    sheet.tell(unit).await?;
    for (place, customer) in customers.into_iter().enumerate() {
        for credit in grant(unit, &mut sheet, customer, &bills[place]).await? {
            paid_of.extend(credit.allocations.iter().map(|part| part.invoice));
        }
    }
    sheet.write_charges(unit).await?;
    hand_out(unit, sheet, &paid_of).await
}

async fn decide(unit: &mut Unit, accounts: &[Account]) -> Result<Vec<Bill>> {
    let lines: Vec<OrderLineId> = accounts.iter().flat_map(usage_lines).collect();
    let (mut activities, mut billed) = (HashMap::new(), Vec::new());
    if !lines.is_empty() {
        let customers: Vec<CustomerId> = accounts.iter().map(|account| account.customer.id).collect();
        activities = store::activities::unbilled(&mut unit.tx, unit.org.id, &customers).await?;
        let after = before_all(accounts, &activities);
        billed = store::billed_charges::of_usage(&mut unit.tx, unit.org.id, &lines, after).await?;
    }
    let request = |account: &Account| {
        let activities: &[Activity] = activities.get(&account.customer.id).map_or(&[][..], Vec::as_slice);
        let usage = Usage { activities, billed: &billed };
        let (orders, credits) = (&account.orders, &account.credits);
        bill(&Request { orders, credits, usage, today: unit.today, own_currency: unit.org.currency })
    };
    Ok(accounts.iter().map(request).collect::<Result<_, _>>()?)
}

/// The lines that usage is counted for.
fn usage_lines(account: &Account) -> Vec<OrderLineId> {
    let lines = account.orders.iter().flat_map(|(order, plan)| order.lines.iter().map(move |line| (line, plan)));
    let charges = lines.filter_map(|(line, plan)| Some((line.id, plan.charge(line.charge)?)));
    charges.filter(|(_, charge)| charge.charge_type == ChargeType::Usage).map(|(line, _)| line).collect()
}

/// A day before the end of every period that may be billed now.
fn before_all(accounts: &[Account], activities: &HashMap<CustomerId, Vec<Activity>>) -> Date {
    let used = activities.values().flatten().map(|activity| activity.charged_on);
    let orders = || accounts.iter().flat_map(|account| &account.orders);
    let ends = orders().filter_map(|(order, _)| order.end_on);
    let billed = orders().map(|(order, _)| order.billed_until.previous());
    used.chain(ends).chain(billed).min().expect("an account has an order")
}

/// Credits come after the invoices: they are applied to whatever is open then.
async fn grant<'b>(
    unit: &mut Unit,
    sheet: &mut Sheet<'b>,
    mut customer: Payer,
    bill: &'b Bill,
) -> Result<Vec<FullPayment>> {
    let mut granted = Vec::new();
    for draft in &bill.drafts {
        if let Outcome::Credit(amount) = draft.outcome() {
            let entries = ledger::invoiced_with_tax(draft.net(), draft.tax());
            let grant = Grant { amount, entries: &entries, notes: None, is_by_run: true };
            let credit = credits::grant(unit, &mut customer, grant).await?;
            sheet.leave_out(customer.id, draft, Some(credit.head.id));
            granted.push(credit);
        }
    }
    Ok(granted)
}

/// Each account its orders and invoices, with what credit has paid of them.
async fn hand_out(unit: &mut Unit, sheet: Sheet<'_>, paid_of: &HashSet<InvoiceId>) -> Result<Vec<Issued>> {
    let mut issued = Vec::new();
    for (orders, made) in sheet.into_parts() {
        let mut invoices = Vec::with_capacity(made.len());
        for invoice in made {
            let id = invoice.head.id;
            invoices.push(if paid_of.contains(&id) {
                store::invoices::full(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("invoice"))?
            } else {
                invoice
            });
        }
        issued.push(Issued { orders, invoices });
    }
    Ok(issued)
}
