//! Orders: finding them, placing one, with its first invoice where asked (`api.md` §4).

use domain::checks::Problems;
use domain::customers::Customer;
use domain::dates::Date;
use domain::ids::{CustomerId, OrderId, OrderLineId};
use domain::invoices::FullInvoice;
use domain::money::{Amount, Quantity};
use domain::orders::{NewOrder, Order, OrderLine, OrderStatus};
use domain::plans::{Charge, Plan};
use store::numbers::Counter;

use crate::bills::{self, Account};
use crate::mails::{self, Subject};
use crate::{Error, Result, Unit, View, customers};

/// A new order, and the invoice that was made with it.
#[derive(Debug)]
pub struct Placed {
    pub order: Order,
    pub plan: Plan,
    pub invoices: Vec<FullInvoice>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invoicing {
    /// At once, every period up to the present one.
    Now,
    /// With the daily run.
    Later,
}

/// An order by id or by number, as an address or a body names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrderKey {
    pub id: Option<OrderId>,
    pub number: Option<String>,
}

/// An order with the plan that it is billed by.
pub async fn get(view: &mut View, key: &OrderKey) -> Result<(Order, Plan)> {
    let id = resolve(view, key).await?;
    let order = store::orders::find(&mut view.conn, view.org.id, id).await?.ok_or(Error::NotFound("order"))?;
    let plan = store::plans::of_order(&mut view.conn, view.org.id, &order).await?;
    Ok((order, plan.ok_or_else(|| Error::bug("an order without its plan"))?))
}

pub async fn resolve(view: &mut View, key: &OrderKey) -> Result<OrderId> {
    let by_number = match &key.number {
        Some(number) => {
            let found = store::orders::find_id(&mut view.conn, view.org.id, number).await?;
            Some(found.ok_or(Error::NotFound("order"))?)
        }
        None => None,
    };
    match (key.id, by_number) {
        (Some(id), Some(other)) if id != other => {
            Err(Error::invalid("orderNumber", "orderNumber names another order than the id does."))
        }
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err(Error::invalid(
            "orderNumber",
            "The order is missing: give its id in the path, or orderNumber in the query.",
        )),
    }
}

/// A customer, one of its orders and the plan of that: nobody else's until the transaction ends.
pub(crate) async fn lock(unit: &mut Unit, id: OrderId) -> Result<(Customer, Order, Plan)> {
    let seen = store::orders::find(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("order"))?;
    let customer = customers::lock(unit, seen.customer).await?;
    let order = store::orders::lock(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("order"))?;
    let plan = store::plans::of_order(&mut unit.tx, unit.org.id, &order).await?;
    Ok((customer, order, plan.ok_or_else(|| Error::bug("an order without its plan"))?))
}

pub async fn place(unit: &mut Unit, customer: CustomerId, new: &NewOrder, invoicing: Invoicing) -> Result<Placed> {
    let customer = customers::lock(unit, customer).await?;
    let (order, plan) = prepare(unit, &customer, new).await?;
    insert(unit, &customer, (&order, &plan)).await?;
    let mut placed = Placed { order, plan, invoices: Vec::new() };
    if invoicing == Invoicing::Now && placed.order.status == OrderStatus::Active {
        invoice(unit, &customer, &mut placed).await?;
    }
    Ok(placed)
}

/// The order that is asked for, with its lines, if everything about it is right.
pub(crate) async fn prepare(unit: &mut Unit, customer: &Customer, new: &NewOrder) -> Result<(Order, Plan)> {
    let plan = store::plans::lock_by_code(&mut unit.tx, unit.org.id, &new.contract_code).await?;
    let plan = plan.ok_or_else(|| Error::invalid("contractCode", "contractCode names no plan."))?;
    let lines = check(unit, customer, &plan, new).await?;
    let mut order = build(unit, customer, &plan, new).await?;
    for (position, (charge, quantity)) in (1i64..).zip(lines) {
        order.lines.push(OrderLine {
            id: unit.id(OrderLineId).await?,
            position,
            charge: charge.id,
            price_code: charge.price_code.clone(),
            quantity,
            lifetime_value: Amount::ZERO,
        });
    }
    Ok((order, plan))
}

pub(crate) async fn insert(unit: &mut Unit, customer: &Customer, (order, plan): (&Order, &Plan)) -> Result<()> {
    let inserted = store::orders::insert(&mut unit.tx, unit.org.id, order).await;
    inserted.map_err(duplicate)?;
    mails::happened(unit, customer, Subject::Order(order, plan)).await
}

async fn invoice(unit: &mut Unit, customer: &Customer, placed: &mut Placed) -> Result<()> {
    check_billed(customer)?;
    let orders = vec![(placed.order.clone(), placed.plan.clone())];
    let account = Account { customer: bills::payer(customer), orders, credits: Vec::new() };
    let issued = bills::issue(unit, account).await?;
    placed.order = issued.orders.into_iter().next().ok_or_else(|| Error::bug("an order was billed and is gone"))?;
    placed.order.invoices.extend(issued.invoices.iter().map(|invoice| invoice.head.id));
    placed.invoices.extend(issued.invoices);
    Ok(())
}

pub(crate) fn check_billed(customer: &Customer) -> Result<()> {
    if customer.status.is_billed() {
        return Ok(());
    }
    Err(Error::refused(format!("The customer is {}; nothing can be invoiced.", customer.status)))
}

/// The charges that are ordered, in the plan's order, mandatory ones included.
async fn check<'p>(
    unit: &mut Unit,
    customer: &Customer,
    plan: &'p Plan,
    new: &NewOrder,
) -> Result<Vec<(&'p Charge, Quantity)>> {
    let mut problems = Problems::new();
    if plan.in_currency(customer.currency, unit.org.currency).is_none() {
        problems.add("contractCode", format!("The plan has no prices in {}.", customer.currency));
    }
    if new.currency.is_some_and(|currency| currency != customer.currency) {
        problems.add("currency", format!("currency must be the customer's, {}.", customer.currency));
    }
    if let Some(number) = &new.number
        && store::orders::number_exists(&mut unit.tx, unit.org.id, number).await?
    {
        problems.extend(number_taken());
    }
    let lines = domain::orders::check(plan, new, new.start_on.unwrap_or(unit.today)).unwrap_or_else(|wrong| {
        problems.extend(wrong);
        Vec::new()
    });
    problems.result(lines).map_err(Error::from)
}

pub(crate) fn number_taken() -> Problems {
    Problems::one("orderNumber", "orderNumber is already used; it must be unique.")
}

pub(crate) fn duplicate(error: store::Error) -> Error {
    if store::is_unique_violation(&error) { Error::Invalid(number_taken()) } else { error.into() }
}

async fn build(unit: &mut Unit, customer: &Customer, plan: &Plan, new: &NewOrder) -> Result<Order> {
    let start_on = new.start_on.unwrap_or(unit.today);
    check_term(start_on, new.end_on)?;
    let number = match &new.number {
        Some(number) => number.clone(),
        None => next_number(unit).await?,
    };
    Ok(Order {
        id: unit.id(OrderId).await?,
        customer: customer.id,
        plan: plan.id,
        plan_version: None,
        number,
        status: new.opening(start_on, unit.today),
        start_on,
        end_on: new.end_on,
        next_billable_on: Some(start_on),
        billed_until: start_on,
        anchor_on: None,
        change: None,
        pauses: Vec::new(),
        is_separate_invoice: new.is_separate_invoice.unwrap_or_default(),
        currency: customer.currency,
        is_auto_pay: new.is_auto_pay.unwrap_or(true),
        job_code: new.job_code.clone(),
        notes: new.notes.clone(),
        invoice_notes: new.invoice_notes.clone(),
        lifetime_value: Amount::ZERO,
        lines: Vec::new(),
        invoices: Vec::new(),
        created_at: unit.now,
        updated_at: unit.now,
    })
}

/// The start may have been left to the default, so the reader of the order could not check this.
fn check_term(start_on: Date, end_on: Option<Date>) -> Result<()> {
    match end_on {
        Some(end) if end < start_on => Err(Error::invalid("endDate", "endDate must not be before startDate.")),
        _ => Ok(()),
    }
}

/// The next number that nobody has chosen by hand.
async fn next_number(unit: &mut Unit) -> Result<String> {
    loop {
        let number = store::numbers::next(&mut unit.tx, unit.org.id, Counter::Order).await?.to_string();
        if !store::orders::number_exists(&mut unit.tx, unit.org.id, &number).await? {
            return Ok(number);
        }
    }
}
