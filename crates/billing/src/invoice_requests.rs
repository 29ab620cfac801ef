//! Invoices that merchants make (`api.md` §5.2): one or many, all of them or none. A draft is stored and shown, and
//! nothing else: it is booked, and its customer told, when it is issued.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::Actor;
use domain::checks::Problems;
use domain::customers::{Customer, Financials};
use domain::events::EventType;
use domain::ids::{CustomerId, EventId, InvoiceChargeId, InvoiceId, InvoiceLineId, OrganizationId};
use domain::invoices::{FullInvoice, INVOICES_MAX, Invoice, InvoiceLine, Made, Making};
use domain::ledger;
use domain::money::{Amount, within_bounds};
use store::events::Event;
use store::invoices::NewInvoice;
use store::ledger::{Posting, Row};
use wire::invoice_requests::InvoiceRequest;

use crate::bills::full;
use crate::customers::{self, CustomerKey};
use crate::mails::{self, Subject};
use crate::{Billing, Error, Result, Unit, credits, invoice_numbers};

/// Makes one. `customer` is whom the address names.
pub async fn create(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    customer: &CustomerKey,
    request: &InvoiceRequest,
) -> Result<FullInvoice> {
    let one = std::slice::from_ref(request);
    let work = async |unit: &mut Unit| {
        let mut made = make(unit, customer, one, &|_| None).await?;
        made.pop().ok_or_else(|| Error::bug("an invoice was made and is gone"))
    };
    billing.unit(org, actor, work).await
}

/// Makes all of them, in one transaction. Each problem begins with its invoice, `invoice[2]: `, counted from 1.
pub async fn create_all(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    customer: &CustomerKey,
    requests: &[InvoiceRequest],
) -> Result<Vec<FullInvoice>> {
    if requests.len() > INVOICES_MAX {
        return Err(Error::invalid("list", format!("list may hold at most {INVOICES_MAX} invoices.")));
    }
    let place = |index: usize| Some(format!("invoice[{}]", index + 1));
    billing.unit(org, actor, async |unit| make(unit, customer, requests, &place).await).await
}

type Place<'p> = &'p (dyn Fn(usize) -> Option<String> + Sync);

async fn make(
    unit: &mut Unit,
    customer: &CustomerKey,
    requests: &[InvoiceRequest],
    place: Place<'_>,
) -> Result<Vec<FullInvoice>> {
    let mut problems = Problems::new();
    let mut whose = Vec::with_capacity(requests.len());
    for (index, request) in requests.iter().enumerate() {
        match whom(unit, customer, request).await {
            Ok(customer) => whose.push(customer),
            Err(Error::Invalid(found)) => problems.extend(prefixed(found, place(index))),
            Err(error) => return Err(error),
        }
    }
    let whose = problems.result(whose)?;
    let mut accounts = BTreeMap::new();
    // In one order for everybody: two of these at once don't wait for each other.
    for id in whose.iter().copied().collect::<BTreeSet<CustomerId>>() {
        accounts.insert(id, customers::lock(unit, id).await?);
    }
    let mut problems = taken(unit, requests, place).await?;
    let mut made = Vec::with_capacity(requests.len());
    for (index, (request, id)) in requests.iter().zip(&whose).enumerate() {
        let customer = accounts.get_mut(id).ok_or_else(|| Error::bug("a customer was locked and is gone"))?;
        match decide(customer, request, unit.today) {
            Ok(one) => made.push(one),
            Err(found) => problems.extend(prefixed(found, place(index))),
        }
    }
    write(unit, requests, &whose, problems.result(made)?, &accounts).await
}

fn prefixed(problems: Problems, place: Option<String>) -> Problems {
    match place {
        Some(place) => problems.prefixed(&place),
        None => problems,
    }
}

/// The customer, by whatever names it; all that is given must name the same.
async fn whom(unit: &mut Unit, address: &CustomerKey, request: &InvoiceRequest) -> Result<CustomerId> {
    let org = unit.org.id;
    let named = request.customer.as_ref();
    let mut found: Vec<(&str, Vec<CustomerId>)> = Vec::new();
    let references = [address.ext_customer_ref.as_ref(), named.and_then(|named| named.ext_customer_ref.as_ref())];
    for reference in references.into_iter().flatten() {
        let id = store::customers::find_id(&mut unit.tx, org, reference).await?;
        found.push(("extCustomerRef", id.into_iter().collect()));
    }
    for id in [address.id, named.and_then(|named| named.id).map(CustomerId)].into_iter().flatten() {
        let is_there = store::customers::find(&mut unit.tx, org, id).await?.is_some();
        found.push(("customer", is_there.then_some(id).into_iter().collect()));
    }
    if let Some(crm) = &request.crm_customer_id {
        found.push(("crmCustomerId", store::customers::find_by_crm_id(&mut unit.tx, org, crm).await?));
    }
    if let Some(erp) = &request.erp_customer_id {
        found.push(("erpCustomerId", store::customers::find_by_erp_id(&mut unit.tx, org, erp).await?));
    }
    agreed(address, &found)
}

fn agreed(address: &CustomerKey, found: &[(&str, Vec<CustomerId>)]) -> Result<CustomerId> {
    let mut customer = None;
    for (field, ids) in found {
        match ids.as_slice() {
            // What the address names is the resource.
            [] if !address.is_empty() => return Err(Error::NotFound("customer")),
            [] => return Err(Error::invalid(field, format!("{field} names no customer."))),
            [id] if customer.is_none_or(|other| other == *id) => customer = Some(*id),
            [_] => return Err(Error::invalid(field, format!("{field} names another customer than the rest does."))),
            _ => return Err(Error::invalid(field, format!("{field} names more than one customer."))),
        }
    }
    let must = "The customer is missing: give extCustomerRef, crmCustomerId, erpCustomerId or its id.";
    customer.ok_or_else(|| Error::invalid("customer", must))
}

/// Numbers that other invoices have, stored or before it in the list.
async fn taken(unit: &mut Unit, requests: &[InvoiceRequest], place: Place<'_>) -> Result<Problems> {
    let chosen: Vec<String> = requests.iter().filter_map(|request| request.invoice.number.clone()).collect();
    let taken = invoice_numbers::taken(unit, &chosen).await?;
    let mut seen: BTreeSet<&str> = taken.iter().map(String::as_str).collect();
    let mut problems = Problems::new();
    for (index, request) in requests.iter().enumerate() {
        if let Some(number) = &request.invoice.number
            && !seen.insert(number)
        {
            problems.extend(prefixed(invoice_numbers::already_used(), place(index)));
        }
    }
    Ok(problems)
}

/// The invoice, and what its customer owes afterwards.
fn decide(
    customer: &mut Customer,
    request: &InvoiceRequest,
    today: domain::dates::Date,
) -> std::result::Result<(Made, Amount), Problems> {
    if !customer.status.may_enter_portal() {
        let message = format!("customer is {}; it gets no invoices.", customer.status);
        return Err(Problems::one("customer", message));
    }
    let previous_balance = customer.financials.outstanding_balance;
    let making = Making { currency: customer.currency, terms: customer.terms, today, previous_balance };
    let made = request.invoice.made(&making)?;
    if made.status.is_owed() {
        customer.financials = customer.financials.invoiced(made.lines.total, made.invoiced_on);
    }
    if !within_bounds(customer.currency.decimal(customer.financials.outstanding_balance)) {
        return Err(Problems::one("invoiceLineItems", "The customer's balance would be out of range."));
    }
    Ok((made, previous_balance))
}

async fn write(
    unit: &mut Unit,
    requests: &[InvoiceRequest],
    whose: &[CustomerId],
    made: Vec<(Made, Amount)>,
    accounts: &BTreeMap<CustomerId, Customer>,
) -> Result<Vec<FullInvoice>> {
    let chosen: Vec<String> = requests.iter().filter_map(|request| request.invoice.number.clone()).collect();
    let mut numbers = invoice_numbers::take(unit, requests.len() - chosen.len(), &chosen).await?.into_iter();
    let mut new = Vec::with_capacity(made.len());
    for ((request, customer), (made, previous_balance)) in requests.iter().zip(whose).zip(made) {
        let number = request.invoice.number.clone().or_else(|| numbers.next());
        let number = number.ok_or_else(|| Error::bug("fewer numbers than invoices"))?;
        new.push(build(unit, (*customer, number, previous_balance), request, made).await?);
    }
    let (tx, org) = (&mut unit.tx, unit.org.id);
    let inserted = store::invoices::insert(tx, org, &new).await;
    inserted.map_err(|error| {
        if store::is_unique_violation(&error) { Error::Invalid(invoice_numbers::already_used()) } else { error.into() }
    })?;
    let paid = issue(unit, &new, accounts).await?;
    let mut made = Vec::with_capacity(new.len());
    for new in new {
        let id = new.head.id;
        made.push(if paid.iter().any(|invoice| invoice.id == id) {
            store::invoices::full(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("invoice"))?
        } else {
            full(new)
        });
    }
    Ok(made)
}

/// Books those that are no drafts, applies to them what their customers have in credit, and tells of them. The invoices
/// that credit has paid something of.
async fn issue(unit: &mut Unit, new: &[NewInvoice], accounts: &BTreeMap<CustomerId, Customer>) -> Result<Vec<Invoice>> {
    let issued: Vec<&Invoice> = new.iter().map(|new| &new.head).filter(|head| head.status.is_owed()).collect();
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for head in &issued {
        for entry in ledger::invoiced_with_tax(head.total, Amount::ZERO) {
            rows.push(Row { id: unit.id(|id| id).await?, of: posting(unit, head), entry });
        }
        let id = unit.id(EventId).await?;
        events.push(Event { id, event_type: EventType::NewInvoice, customer: head.customer, object: head.id.0 });
    }
    let whose: BTreeSet<CustomerId> = issued.iter().map(|head| head.customer).collect();
    let financials: Vec<(CustomerId, Financials)> =
        whose.iter().filter_map(|id| Some((*id, accounts.get(id)?.financials))).collect();
    store::financials::save_all(&mut unit.tx, unit.org.id, &financials).await?;
    store::ledger::post(&mut unit.tx, unit.org.id, &rows).await?;
    store::events::record(&mut unit.tx, unit.org.id, &events, unit.now).await?;
    let paid = credits::apply_open(unit, &whose.into_iter().collect::<Vec<_>>()).await?;
    for (head, event) in issued.into_iter().zip(&events) {
        let head = paid.iter().find(|invoice| invoice.id == head.id).unwrap_or(head);
        let customer = accounts.get(&head.customer).ok_or_else(|| Error::bug("an invoice of nobody"))?;
        mails::tell(unit, customer, Subject::Invoice(head), event.id).await?;
    }
    Ok(paid)
}

fn posting(unit: &Unit, head: &Invoice) -> Posting {
    let (customer, booked_on) = (head.customer, head.invoiced_on);
    Posting { customer, invoice: Some(head.id), payment: None, booked_on, now: unit.now }
}

async fn build(
    unit: &mut Unit,
    (customer, number, previous_balance): (CustomerId, String, Amount),
    request: &InvoiceRequest,
    made: Made,
) -> Result<NewInvoice> {
    let mut lines = Vec::with_capacity(made.lines.lines.len());
    for (position, line) in (1i64..).zip(&made.lines.lines) {
        let mut charges = Vec::with_capacity(line.charges.len());
        for (position, charge) in (1i64..).zip(&line.charges) {
            charges.push(charge.stored(unit.id(InvoiceChargeId).await?, position, None, made.currency));
        }
        let (id, text) = (unit.id(InvoiceLineId).await?, line.text.clone());
        lines.push((None, InvoiceLine { id, position, text, period: line.period, charges }));
    }
    let head = Invoice {
        id: unit.id(InvoiceId).await?,
        customer,
        number,
        crm_id: request.invoice.crm_invoice_id.clone(),
        erp_id: request.invoice.erp_invoice_id.clone(),
        status: made.status,
        currency: made.currency,
        billing_period: made.billing_period,
        invoiced_on: made.invoiced_on,
        due_on: made.due_on,
        period: made.period,
        total: made.lines.total,
        previous_balance,
        applied: Amount::ZERO,
        reserved: Amount::ZERO,
        notes: request.invoice.notes.clone(),
        created_at: unit.now,
        updated_at: unit.now,
    };
    Ok(NewInvoice { head, lines })
}
