//! Orders to be changed: absent stays, empty goes, lines that are there replace those that are stored (`api.md` §1.9, §4).

use domain::checks::Problems;
use domain::contacts::TEXT_MAX;
use domain::dates::Date;
use domain::ids::{CustomerId, OrderId, OrderLineId};
use domain::orders::{LineUpdate, NOTES_MAX, ORDER_NUMBER_MAX, OrderUpdate};

use crate::customers;
use crate::element::Element;
use crate::fields;
use crate::orders::{is_separate_invoice, of_plan};
use crate::reader::{self, Reader};

/// What a `<subscriptionOrder>` changes.
pub fn read(order: &Element) -> Result<OrderUpdate, Problems> {
    reader::expect_root(order, &["subscriptionOrder"])?;
    reader::read(order, |order| Some(read_from(order)))
}

fn read_from(order: &Reader<'_>) -> OrderUpdate {
    let customer = customers::read_reference(order);
    let (customer, ext_customer_ref) =
        customer.map_or((None, None), |customer| (customer.id.map(CustomerId), customer.ext_customer_ref));
    OrderUpdate {
        status: order.not_cleared("orderStatus", order.parsed("orderStatus", str::parse)),
        start_on: order.not_cleared("startDate", order.date("startDate")).map(Date),
        end_on: order.date("endDate").map(Date).into(),
        number: order.not_cleared("orderNumber", order.text("orderNumber", ORDER_NUMBER_MAX)),
        is_auto_pay: order.boolean("isAutoPay").into(),
        is_separate_invoice: is_separate_invoice(order).into(),
        job_code: order.text("jobCode", TEXT_MAX).into(),
        notes: order.text("notes", NOTES_MAX).into(),
        invoice_notes: order.text("invoiceNotes", NOTES_MAX).into(),
        lines: order.children("orderLineItems", "orderLineItem").map(|lines| lines.iter().map(line).collect()),
        id: order.id().value().map(OrderId),
        customer,
        ext_customer_ref,
        contract_code: order.not_cleared("contractCode", order.text("contractCode", TEXT_MAX)),
        currency: fields::currency(order),
        of_plan: of_plan(order),
    }
}

fn line(line: &Reader<'_>) -> LineUpdate {
    let (id, price_code) = (line.id(), line.text("priceCode", TEXT_MAX));
    LineUpdate {
        id: id.value().map(OrderLineId),
        price_code: line.not_cleared("priceCode", price_code),
        quantity: line.not_cleared("quantity", fields::quantity(line)),
    }
}
