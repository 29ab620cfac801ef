//! Everything that billing writes, put together for all accounts and written table by table.

use std::collections::{BTreeMap, BTreeSet};

use domain::bill::Bill;
use domain::customers::Financials;
use domain::dates::{Date, Timestamp};
use domain::events::EventType;
use domain::ids::{CustomerId, EventId, InvoiceChargeId, InvoiceId, InvoiceLineId, PaymentId};
use domain::invoices::{
    Draft, DraftCharge, DraftLine, FullInvoice, Invoice, InvoiceCharge, InvoiceLine, InvoiceStatus, Outcome,
};
use domain::ledger;
use domain::money::{Amount, within_bounds};
use domain::orders::Order;
use store::activities::Processed;
use store::events::Event;
use store::financials::Payer;
use store::invoices::NewInvoice;
use store::ledger::{Posting, Row};
use store::uninvoiced_charges::NewCharge;

use super::Account;
use crate::mails::{self, Subject};
use crate::{Error, Result, Unit, invoice_numbers};

pub struct Sheet<'b> {
    /// Enough for everything that the bills say.
    ids: std::vec::IntoIter<i64>,
    /// Of the invoices.
    numbers: std::vec::IntoIter<String>,
    now: Timestamp,
    today: Date,
    orders: Vec<Order>,
    invoices: Vec<NewInvoice>,
    /// How many of the orders and of the invoices each account has, in their order.
    counts: Vec<(usize, usize)>,
    financials: Vec<(CustomerId, Financials)>,
    ledger: Vec<Row>,
    events: Vec<Event>,
    /// Of the invoices, in their order.
    issued: Vec<EventId>,
    uninvoiced: Vec<NewCharge<'b>>,
    processed: Vec<Processed>,
}

/// Of an invoice: its own, those of its event and of the entries in the ledger.
const IDS_OF_INVOICE: usize = 5;

/// Ids that the bills can need at most.
fn ids_needed(bills: &[Bill]) -> usize {
    let of_draft = |draft: &Draft| IDS_OF_INVOICE + draft.lines.len() + draft.charges().count();
    let of_bill = |bill: &Bill| bill.orders.len() + bill.drafts.iter().chain(&bill.free).map(of_draft).sum::<usize>();
    bills.iter().map(of_bill).sum()
}

fn invoices_needed(bills: &[Bill]) -> usize {
    let drafts = bills.iter().flat_map(|bill| &bill.drafts);
    drafts.filter(|draft| draft.outcome() == Outcome::Invoice).count()
}

impl<'b> Sheet<'b> {
    /// An empty one, with the ids and numbers that the bills need.
    pub async fn begin(unit: &mut Unit, bills: &[Bill]) -> Result<Sheet<'b>> {
        let numbers = invoice_numbers::take(unit, invoices_needed(bills), &[]).await?;
        Ok(Sheet {
            ids: unit.take_ids(ids_needed(bills)).await?.into_iter(),
            numbers: numbers.into_iter(),
            now: unit.now,
            today: unit.today,
            orders: Vec::new(),
            invoices: Vec::new(),
            counts: Vec::new(),
            financials: Vec::new(),
            ledger: Vec::new(),
            events: Vec::new(),
            issued: Vec::new(),
            uninvoiced: Vec::new(),
            processed: Vec::new(),
        })
    }

    /// All but the credits; tells the customers as they are afterwards.
    pub fn add(&mut self, accounts: &[Account], bills: &'b [Bill]) -> Result<Vec<Payer>> {
        accounts.iter().zip(bills).map(|(account, bill)| self.add_account(account, bill)).collect()
    }

    fn add_account(&mut self, account: &Account, bill: &'b Bill) -> Result<Payer> {
        let mut customer = account.customer;
        for ((before, _), after) in account.orders.iter().zip(&bill.orders) {
            if before.status != after.status {
                self.happened(EventType::OrderStatusChange, customer.id, after.id.0);
            }
            self.orders.push(Order { updated_at: self.now, ..after.clone() });
        }
        let before = self.invoices.len();
        for draft in bill.drafts.iter().filter(|draft| draft.outcome() == Outcome::Invoice) {
            self.add_invoice(&mut customer, draft, account)?;
        }
        self.counts.push((bill.orders.len(), self.invoices.len() - before));
        if customer.financials != account.customer.financials {
            self.financials.push((customer.id, customer.financials));
        }
        for draft in &bill.free {
            self.leave_out(customer.id, draft, None);
        }
        Ok(customer)
    }

    fn add_invoice(&mut self, customer: &mut Payer, draft: &'b Draft, account: &Account) -> Result<()> {
        let head = self.head(customer, draft, account)?;
        let lines =
            (1i64..).zip(&draft.lines).map(|(position, line)| (Some(line.order), self.line(head.id, position, line)));
        let lines = lines.collect();
        let (invoice, booked_on, now) = (Some(head.id), head.invoiced_on, self.now);
        let of = Posting { customer: customer.id, invoice, payment: None, booked_on, now };
        for entry in ledger::invoiced_with_tax(draft.net(), draft.tax()) {
            let id = self.id();
            self.ledger.push(Row { id, of, entry });
        }
        customer.financials = customer.financials.invoiced(head.total, head.invoiced_on);
        if !within_bounds(customer.currency.decimal(customer.financials.outstanding_balance)) {
            return Err(Error::refused("The customer's balance would be out of range."));
        }
        let event = self.happened(EventType::NewInvoice, customer.id, head.id.0);
        self.issued.push(event);
        self.invoices.push(NewInvoice { head, lines });
        Ok(())
    }

    fn head(&mut self, customer: &Payer, draft: &Draft, account: &Account) -> Result<Invoice> {
        let first = account.orders.iter().find(|(order, _)| draft.lines.first().is_some_and(|l| l.order == order.id));
        let (first, _) = first.ok_or_else(|| Error::bug("an invoice without an order"))?;
        let number = self.numbers.next().expect("numbers were counted before");
        Ok(Invoice {
            id: InvoiceId(self.id()),
            customer: customer.id,
            number,
            crm_id: None,
            erp_id: None,
            status: InvoiceStatus::Outstanding,
            currency: draft.currency,
            billing_period: draft.billing_period,
            invoiced_on: self.today,
            due_on: draft.due_on,
            period: draft.period(),
            total: draft.total(),
            previous_balance: customer.financials.outstanding_balance,
            applied: Amount::ZERO,
            reserved: Amount::ZERO,
            notes: first.invoice_notes.clone(),
            created_at: self.now,
            updated_at: self.now,
        })
    }

    fn line(&mut self, invoice: InvoiceId, position: i64, line: &DraftLine) -> InvoiceLine {
        let mut charges = Vec::new();
        for (position, draft) in (1i64..).zip(&line.charges) {
            let id = InvoiceChargeId(self.id());
            self.process(draft, id, Some(invoice));
            charges.push(charge(id, position, draft));
        }
        let id = InvoiceLineId(self.id());
        InvoiceLine { id, position, text: line.text.clone(), period: line.period, charges }
    }

    /// Writes down the charges of a draft that is on no invoice, but in a credit or in nothing.
    pub fn leave_out(&mut self, customer: CustomerId, draft: &'b Draft, payment: Option<PaymentId>) {
        for line in &draft.lines {
            for charge in &line.charges {
                let id = InvoiceChargeId(self.id());
                self.process(charge, id, None);
                self.uninvoiced.push(NewCharge { id, customer, order: line.order, payment, charge });
            }
        }
    }

    fn process(&mut self, draft: &DraftCharge, charge: InvoiceChargeId, invoice: Option<InvoiceId>) {
        let processed = draft.activities.iter().map(|rated| Processed { rated: *rated, charge, invoice });
        self.processed.extend(processed);
    }

    fn happened(&mut self, event_type: EventType, customer: CustomerId, object: i64) -> EventId {
        let id = EventId(self.id());
        self.events.push(Event { id, event_type, customer, object });
        id
    }

    fn id(&mut self) -> i64 {
        self.ids.next().expect("ids were counted before")
    }

    /// The orders, invoices and what follows from them.
    pub async fn write(&self, unit: &mut Unit) -> Result<()> {
        let (tx, org) = (&mut unit.tx, unit.org.id);
        store::orders::save_all(tx, org, &self.orders).await?;
        store::invoices::insert(tx, org, &self.invoices).await?;
        store::financials::save_all(tx, org, &self.financials).await?;
        store::ledger::post(tx, org, &self.ledger).await?;
        store::events::record(tx, org, &self.events, self.now).await?;
        Ok(())
    }

    /// The customers that got invoices, each once.
    pub fn invoiced(&self) -> Vec<CustomerId> {
        let mut customers: Vec<CustomerId> = self.invoices.iter().map(|invoice| invoice.head.customer).collect();
        customers.dedup();
        customers
    }

    /// Invoices as they are after credit was applied to them.
    pub fn update(&mut self, now: Vec<Invoice>) {
        for now in now {
            self.invoices.iter_mut().filter(|invoice| invoice.head.id == now.id).for_each(|it| it.head = now.clone());
        }
    }

    /// Tells the customers of their invoices, where they are told.
    pub async fn tell(&self, unit: &mut Unit) -> Result<()> {
        if !unit.org.notifications.contains(&EventType::NewInvoice) {
            return Ok(());
        }
        let ids: BTreeSet<CustomerId> = self.invoices.iter().map(|invoice| invoice.head.customer).collect();
        let ids: Vec<CustomerId> = ids.into_iter().collect();
        let customers = store::customer_lists::all(&mut unit.tx, unit.org.id, &ids).await?;
        let customers: BTreeMap<_, _> = customers.into_iter().map(|customer| (customer.id, customer)).collect();
        let told = self.invoices.iter().zip(&self.issued).map(|(invoice, event)| {
            let customer = customers.get(&invoice.head.customer);
            let customer = customer.ok_or_else(|| Error::bug("an invoice without its customer"))?;
            Ok((customer, Subject::Invoice(&invoice.head), *event))
        });
        mails::tell_all(unit, &told.collect::<Result<Vec<_>>>()?).await
    }

    /// What points to credits, and the usage that is in any charge.
    pub async fn write_charges(&self, unit: &mut Unit) -> Result<()> {
        store::uninvoiced_charges::insert(&mut unit.tx, unit.org.id, &self.uninvoiced, self.now).await?;
        let processed = store::activities::process(&mut unit.tx, unit.org.id, &self.processed, self.now).await?;
        if usize::try_from(processed) != Ok(self.processed.len()) {
            return Err(Error::bug("usage of a locked customer was processed by another"));
        }
        Ok(())
    }

    /// Each account's orders and invoices.
    pub fn into_parts(self) -> Vec<(Vec<Order>, Vec<FullInvoice>)> {
        let mut orders = self.orders.into_iter();
        let mut invoices = self.invoices.into_iter().map(full);
        let part = |(of_orders, of_invoices)| {
            (orders.by_ref().take(of_orders).collect(), invoices.by_ref().take(of_invoices).collect())
        };
        self.counts.into_iter().map(part).collect()
    }
}

fn charge(id: InvoiceChargeId, position: i64, draft: &DraftCharge) -> InvoiceCharge {
    InvoiceCharge {
        id,
        position,
        charge: Some(draft.charge),
        order_line: Some(draft.order_line),
        tier: Some(draft.tier),
        text: draft.text.clone(),
        kind: draft.kind,
        accounting_code: draft.accounting_code.clone(),
        charged_on: None,
        period: draft.period,
        quantity: draft.quantity,
        unit_of_measure: draft.unit_of_measure.clone(),
        unit_price: draft.unit_price,
        is_percent: draft.is_percent,
        amount: draft.amount,
        tax: draft.tax,
        explanation: draft.explanation.clone(),
    }
}

pub fn full(invoice: NewInvoice) -> FullInvoice {
    let mut orders: Vec<_> = invoice.lines.iter().filter_map(|(order, _)| *order).collect();
    orders.sort_unstable();
    orders.dedup();
    let lines = invoice.lines.into_iter().map(|(_, line)| line).collect();
    FullInvoice { head: invoice.head, orders, lines, allocations: Vec::new() }
}
