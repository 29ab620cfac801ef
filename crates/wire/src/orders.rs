//! Orders (`api.md` §4). On the wire an order is a `subscriptionOrder`.

use std::collections::HashSet;
use std::str::FromStr;

use domain::checks::Problems;
use domain::contacts::TEXT_MAX;
use domain::dates::Date;
use domain::ids::OrderId;
use domain::invoices::FullInvoice;
use domain::orders::{NOTES_MAX, NewOrder, NewOrderLine, ORDER_NUMBER_MAX, OfPlan, Order, OrderLine, OrderStatus};
use domain::plans::Plan;
use jiff::tz::TimeZone;

use crate::customers::{self, CustomerRef, TERMS_MAX};
use crate::element::Element;
use crate::fields;
use crate::invoices;
use crate::reader::{self, Field, Reader};
use crate::writer::Writer;

/// An order to be made, and for whom when the body says so.
#[derive(Clone, Debug)]
pub struct OrderRequest {
    pub order: NewOrder,
    pub customer: Option<CustomerRef>,
}

/// How another object names its order. Both may be given; whoever looks it up checks that they agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRef {
    pub id: Option<OrderId>,
    pub number: Option<String>,
}

pub fn read(order: &Element) -> Result<OrderRequest, Problems> {
    reader::expect_root(order, &["subscriptionOrder"])?;
    reader::read(order, read_from)
}

/// The same inside a larger document.
pub fn read_from(order: &Reader<'_>) -> Option<OrderRequest> {
    let customer = customers::read_reference(order);
    let contract_code = order.required_text("contractCode", TEXT_MAX);
    let start_on = order.date("startDate").value().map(Date);
    let end_on = order.date("endDate").value().map(Date);
    if start_on.zip(end_on).is_some_and(|(start, end)| end < start) {
        order.wrong("endDate", "must not be before startDate");
    }
    let number = order.text("orderNumber", ORDER_NUMBER_MAX).value();
    let is_auto_pay = order.boolean("isAutoPay").value();
    let is_separate_invoice = is_separate_invoice(order).value();
    let job_code = order.text("jobCode", TEXT_MAX).value();
    let notes = order.text("notes", NOTES_MAX).value();
    let invoice_notes = order.text("invoiceNotes", NOTES_MAX).value();
    let is_draft = is_draft(order);
    let currency = fields::currency(order);
    let of_plan = of_plan(order);
    let lines = lines(order);
    let contract_code = contract_code?;
    let order = NewOrder {
        contract_code,
        is_draft,
        start_on,
        end_on,
        number,
        is_auto_pay,
        is_separate_invoice,
        job_code,
        notes,
        invoice_notes,
        currency,
        of_plan,
        lines,
    };
    Some(OrderRequest { order, customer })
}

/// `<subscriptionOrder id="381"/>` or `<order id="381"/>`, `<orderNumber>` inside it, or `<orderNumber>` beside it.
pub fn read_reference(object: &Reader<'_>) -> Option<OrderRef> {
    let beside = object.text("orderNumber", ORDER_NUMBER_MAX).value();
    let (mut ids, mut numbers) = (Vec::new(), Vec::from_iter(beside));
    for name in ["subscriptionOrder", "order"] {
        let Field::Value(order) = object.object_or_text(name) else { continue };
        let number = order.text("orderNumber", ORDER_NUMBER_MAX);
        if number.is_absent() {
            ids.extend(read_id(object, name));
        } else {
            ids.extend(order.id().value().map(OrderId));
        }
        numbers.extend(number.value());
    }
    for (name, differ) in [
        ("order", ids.iter().any(|id| *id != ids[0])),
        ("orderNumber", numbers.iter().any(|number| *number != numbers[0])),
    ] {
        if differ {
            object.wrong(name, "is given twice, which must agree");
        }
    }
    let (id, number) = (ids.first().copied(), numbers.into_iter().next());
    (id.is_some() || number.is_some()).then_some(OrderRef { id, number })
}

fn read_id(object: &Reader<'_>, name: &str) -> Option<OrderId> {
    let text = object.reference(name).value()?;
    let id = reader::integer(name, text, &(1..=i64::MAX)).ok();
    if id.is_none() {
        object.wrong(name, "must have an id that is a whole number from 1");
    }
    id.map(OrderId)
}

/// A new order's status follows from its start, unless it is to wait: any other wish is a mistake.
fn is_draft(order: &Reader<'_>) -> bool {
    match order.parsed("orderStatus", OrderStatus::from_str).value() {
        None | Some(OrderStatus::Active | OrderStatus::Provisioning) => false,
        Some(OrderStatus::Draft) => true,
        Some(OrderStatus::Suspended | OrderStatus::Complete | OrderStatus::Superseded | OrderStatus::Canceled) => {
            order.wrong("orderStatus", "must be Draft, Provisioning or Active on a new order");
            false
        }
    }
}

/// The wire has two names for it.
pub(crate) fn is_separate_invoice(order: &Reader<'_>) -> Field<bool> {
    match (order.boolean("isSeparateInvoice"), order.boolean("separateInvoice")) {
        (Field::Value(one), Field::Value(other)) if one != other => {
            order.wrong("separateInvoice", "must agree with isSeparateInvoice");
            Field::Absent
        }
        (Field::Absent, other) => other,
        (one @ (Field::Cleared | Field::Value(_)), _) => one,
    }
}

pub(crate) fn of_plan(order: &Reader<'_>) -> OfPlan {
    OfPlan {
        billing_period: order.parsed("billingPeriod", str::parse).value(),
        due_value: order.integer("dueDateValue", 0..=TERMS_MAX).value(),
        due_units: order.parsed("dueDateUnits", str::parse).value(),
        is_auto_renew: order.boolean("isAutoRenew").value(),
    }
}

/// With `expanded` invoices in full, and every other one by its id.
pub fn write(order: &Order, plan: &Plan, expanded: &[FullInvoice], zone: &TimeZone) -> String {
    let mut writer = Writer::new();
    write_into(&mut writer, order, plan, expanded, zone);
    writer.finish()
}

pub fn write_into(writer: &mut Writer, order: &Order, plan: &Plan, expanded: &[FullInvoice], zone: &TimeZone) {
    writer.object("subscriptionOrder", order.id, |writer| {
        writer.date("startDate", order.start_on.0);
        writer.optional_date("endDate", order.end_on.map(|date| date.0));
        writer.text("orderNumber", &order.number);
        writer.value("orderStatus", order.status);
        write_plan(writer, plan);
        writer.reference("customer", order.customer);
        writer.reference("currency", order.currency);
        writer.boolean("isAutoPay", order.is_auto_pay);
        writer.boolean("isSeparateInvoice", order.is_separate_invoice);
        writer.boolean("separateInvoice", order.is_separate_invoice);
        writer.optional_text("jobCode", order.job_code.as_deref());
        writer.optional_text("notes", order.notes.as_deref());
        writer.optional_text("invoiceNotes", order.invoice_notes.as_deref());
        writer.optional_date("nextBillableDate", order.next_billable_on.map(|date| date.0));
        writer.value("totalLifetimeValue", order.currency.format(order.lifetime_value));
        writer.element("orderLineItems", |writer| {
            for line in &order.lines {
                write_line(writer, line, order, plan);
            }
        });
        writer.element("invoices", |writer| write_invoices(writer, order, expanded, zone));
        fields::write_stamps(writer, order.created_at, order.updated_at, zone);
    });
}

fn write_plan(writer: &mut Writer, plan: &Plan) {
    writer.text("contractCode", &plan.contract_code);
    writer.reference("contractOffering", plan.id);
    writer.text("contractOfferingName", &plan.name);
    writer.text("invoiceText", &plan.invoice_text);
    writer.value("billingPeriod", plan.billing_period);
    writer.value("dueDateValue", plan.due.value);
    writer.value("dueDateUnits", plan.due.units);
    writer.boolean("isAutoRenew", plan.is_auto_renew);
}

fn write_line(writer: &mut Writer, line: &OrderLine, order: &Order, plan: &Plan) {
    writer.object("orderLineItem", line.id, |writer| {
        writer.value("position", line.position);
        writer.reference("contractCharge", line.charge);
        writer.text("priceCode", &line.price_code);
        let invoice_text = plan.charge(line.charge).map(|charge| charge.invoice_text.as_str());
        writer.optional_text("invoiceText", invoice_text);
        writer.boolean("isActive", !order.status.is_over());
        writer.value("totalLifetimeValue", order.currency.format(line.lifetime_value));
        writer.value("quantity", line.quantity.format(1));
    });
}

fn write_invoices(writer: &mut Writer, order: &Order, expanded: &[FullInvoice], zone: &TimeZone) {
    for invoice in expanded {
        invoices::write_into(writer, invoice, zone);
    }
    for id in &order.invoices {
        if !expanded.iter().any(|invoice| invoice.head.id == *id) {
            writer.reference("invoice", *id);
        }
    }
}

fn lines(order: &Reader<'_>) -> Vec<NewOrderLine> {
    if !order.has("orderLineItems") {
        order.wrong("orderLineItems", "is required");
    }
    let Some(items) = order.children("orderLineItems", "orderLineItem") else { return Vec::new() };
    if items.is_empty() {
        order.wrong("orderLineItems", "must hold at least one orderLineItem");
    }
    let mut price_codes = HashSet::new();
    items.iter().filter_map(|item| line(item, &mut price_codes)).collect()
}

fn line(item: &Reader<'_>, price_codes: &mut HashSet<String>) -> Option<NewOrderLine> {
    let price_code = item.required_text("priceCode", TEXT_MAX);
    if price_code.as_ref().is_some_and(|code| !price_codes.insert(code.clone())) {
        item.wrong("priceCode", "is that of an earlier orderLineItem; each may appear only once");
    }
    let quantity = item.required("quantity", fields::quantity(item));
    Some(NewOrderLine { price_code: price_code?, quantity: quantity? })
}
