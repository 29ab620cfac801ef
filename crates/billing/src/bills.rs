//! Billing customers: what their orders owe is decided by `domain::bill`, and carried out here, in few statements for
//! however many customers.
//!
//! A draft becomes an invoice, or a credit where more is given back than owed, or nothing but a record of its charges
//! where it comes to 0.00. Usage in it is processed in the same transaction, whatever becomes of it.

mod sheet;

use domain::bill::{Bill, Request, bill};
use domain::customers::Customer;
use domain::dates::Date;
use domain::ids::OrderLineId;
use domain::invoices::{DraftLine, FullInvoice, Outcome};
use domain::ledger;
use domain::orders::Order;
use domain::payments::FullPayment;
use domain::plans::{ChargeType, Plan};
use domain::usage::{Activity, BilledUsage, Usage};

use crate::{Error, Result, Unit, credits};
use sheet::Sheet;
pub(crate) use sheet::full;

/// A customer, locked by the caller, and the orders to bill, each with the plan that it is billed by.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub customer: Customer,
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
    pub credits: Vec<FullPayment>,
}

/// Bills everything that is due of one customer's orders.
pub(crate) async fn issue(unit: &mut Unit, account: Account) -> Result<Issued> {
    let mut issued = issue_all(unit, &[account]).await?;
    Ok(issued.pop().unwrap_or_default())
}

/// The same for many customers; tells what became of each, in their order.
pub(crate) async fn issue_all(unit: &mut Unit, accounts: &[Account]) -> Result<Vec<Issued>> {
    let mut bills = Vec::new();
    for account in accounts {
        bills.push(decide(unit, account).await?);
    }
    let mut sheet = Sheet::begin(unit, &bills).await?;
    let customers = sheet.add(accounts, &bills)?;
    sheet.write(unit).await?;
    sheet.tell(unit, &customers).await?;
    let mut issued = Vec::new();
    for (place, customer) in customers.into_iter().enumerate() {
        let orders = sheet.orders_of(customer.id);
        let credits = grant(unit, &mut sheet, customer, &bills[place]).await?;
        issued.push(Issued { orders, invoices: Vec::new(), credits });
    }
    sheet.write_charges(unit).await?;
    hand_out(unit, sheet.into_invoices(), &mut issued).await?;
    Ok(issued)
}

/// Credits come after the invoices: they are applied to whatever is open then.
async fn grant<'b>(
    unit: &mut Unit,
    sheet: &mut Sheet<'b>,
    mut customer: Customer,
    bill: &'b Bill,
) -> Result<Vec<FullPayment>> {
    let mut granted = Vec::new();
    for draft in &bill.drafts {
        if let Outcome::Credit(amount) = draft.outcome() {
            let entries = ledger::invoiced_with_tax(draft.net(), draft.tax());
            let credit = credits::grant(unit, &mut customer, amount, &entries).await?;
            sheet.leave_out(customer.id, draft, Some(credit.head.id));
            granted.push(credit);
        }
    }
    Ok(granted)
}

/// Each account its invoices, with what credits have paid of them.
async fn hand_out(unit: &mut Unit, invoices: Vec<Vec<FullInvoice>>, issued: &mut [Issued]) -> Result<()> {
    for (place, of_account) in invoices.into_iter().enumerate() {
        for invoice in of_account {
            let id = invoice.head.id;
            let applied = issued[place].credits.iter().flat_map(|credit| &credit.allocations);
            let is_paid_of = applied.map(|part| part.invoice).any(|of| of == id);
            let shown = if is_paid_of {
                store::invoices::full(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("invoice"))?
            } else {
                invoice
            };
            issued[place].invoices.push(shown);
        }
    }
    Ok(())
}

async fn decide(unit: &mut Unit, account: &Account) -> Result<Bill> {
    let (activities, billed) = usage(unit, account).await?;
    let request = Request {
        orders: &account.orders,
        credits: &account.credits,
        usage: Usage { activities: &activities, billed: &billed },
        today: unit.today,
        own_currency: unit.org.currency,
    };
    Ok(bill(&request)?)
}

/// The usage that is not billed yet, and what was billed before in the periods that it can belong to.
async fn usage(unit: &mut Unit, account: &Account) -> Result<(Vec<Activity>, Vec<BilledUsage>)> {
    let lines = usage_lines(account);
    if lines.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let activities = store::activities::unbilled(&mut unit.tx, unit.org.id, account.customer.id).await?;
    let after = before_all(account, &activities);
    let mut billed = Vec::new();
    for line in lines {
        billed.extend(store::activities::billed(&mut unit.tx, unit.org.id, line, after).await?);
    }
    Ok((activities, billed))
}

/// The lines that usage is counted for.
fn usage_lines(account: &Account) -> Vec<OrderLineId> {
    let lines = account.orders.iter().flat_map(|(order, plan)| order.lines.iter().map(move |line| (line, plan)));
    let charges = lines.filter_map(|(line, plan)| Some((line.id, plan.charge(line.charge)?)));
    charges.filter(|(_, charge)| charge.charge_type == ChargeType::Usage).map(|(line, _)| line).collect()
}

/// A day before the end of every period that may be billed now.
fn before_all(account: &Account, activities: &[Activity]) -> Date {
    let used = activities.iter().map(|activity| activity.charged_on);
    let ends = account.orders.iter().filter_map(|(order, _)| order.end_on);
    let billed = account.orders.iter().map(|(order, _)| order.billed_until.previous());
    used.chain(ends).chain(billed).min().expect("an account has an order")
}
