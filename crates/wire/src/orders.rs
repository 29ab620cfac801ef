//! Orders (`api.md` §4). On the wire an order is a `subscriptionOrder`.

use std::collections::HashSet;

use domain::checks::Problems;
use domain::contacts::TEXT_MAX;
use domain::dates::Date;
use domain::invoices::FullInvoice;
use domain::money::Quantity;
use domain::orders::{NOTES_MAX, NewOrder, NewOrderLine, ORDER_NUMBER_MAX, Order, OrderLine, OrderStatus};
use domain::plans::Plan;
use jiff::tz::TimeZone;

use crate::customers::{self, CustomerRef};
use crate::element::Element;
use crate::fields;
use crate::invoices;
use crate::reader::{self, Field, Reader};
use crate::writer::Writer;

const QUANTITY_DECIMALS_MAX: u32 = 6;

/// An order to be made, and for whom when the body says so.
#[derive(Clone, Debug)]
pub struct OrderRequest {
    pub order: NewOrder,
    pub customer: Option<CustomerRef>,
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
    let job_code = order.text("jobCode", TEXT_MAX).value();
    let notes = order.text("notes", NOTES_MAX).value();
    let invoice_notes = order.text("invoiceNotes", NOTES_MAX).value();
    // A new order's status follows from its start; a word that is no status is still a mistake.
    order.parsed("orderStatus", str::parse::<OrderStatus>);
    let lines = lines(order);
    let contract_code = contract_code?;
    let order =
        NewOrder { contract_code, start_on, end_on, number, is_auto_pay, job_code, notes, invoice_notes, lines };
    Some(OrderRequest { order, customer })
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
        writer.boolean("isActive", true);
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
    let quantity = item.required("quantity", quantity(item));
    Some(NewOrderLine { price_code: price_code?, quantity: quantity? })
}

fn quantity(item: &Reader<'_>) -> Field<Quantity> {
    let field = fields::positive(item, "quantity");
    if field.value().is_some_and(|quantity| quantity.normalize().scale() > QUANTITY_DECIMALS_MAX) {
        item.wrong("quantity", format_args!("may have at most {QUANTITY_DECIMALS_MAX} decimals"));
        return Field::Absent;
    }
    field.map(Quantity)
}
