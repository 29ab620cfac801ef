//! Several customers at once, and a customer with its orders (`api.md` §2.4).

use domain::checks::Problems;
use domain::customers::{Customer, NewCustomer};
use domain::orders::{NewOrder, Order};
use domain::plans::Plan;
use jiff::tz::TimeZone;

use crate::element::Element;
use crate::reader::{self, Reader};
use crate::writer::Writer;
use crate::{customers, orders};

const LIST_ROOTS: [&str; 2] = ["list", "customers"];
/// Room for one customer in an answer.
const CUSTOMER_BYTES: usize = 2048;

/// Whether the root is that of a bulk create.
pub fn is_list(element: &Element) -> bool {
    LIST_ROOTS.contains(&element.name.as_str())
}

/// `<list><customer>…</customer>…</list>`.
pub fn read(list: &Element) -> Result<Vec<NewCustomer>, Problems> {
    reader::expect_root(list, &LIST_ROOTS)?;
    reader::read_list(list, "customer", customers::read_from)
}

/// A customer with its orders, `<addCustomerAndOrder>`. The customer of each order is this one, whatever it says.
pub fn read_with_orders(body: &Element) -> Result<(NewCustomer, Vec<NewOrder>), Problems> {
    reader::expect_root(body, &["addCustomerAndOrder"])?;
    reader::read(body, |body| {
        let customer = body.required("customer", body.child("customer"));
        let customer = customer.and_then(|customer| customers::read_from(&customer));
        let orders = orders_of(body);
        Some((customer?, orders))
    })
}

fn orders_of(body: &Reader<'_>) -> Vec<NewOrder> {
    if !body.has("subscriptionOrders") {
        body.wrong("subscriptionOrders", "is required");
    }
    let Some(orders) = body.children("subscriptionOrders", "subscriptionOrder") else { return Vec::new() };
    if orders.is_empty() {
        body.wrong("subscriptionOrders", "must hold at least one subscriptionOrder");
    }
    orders.iter().filter_map(|order| orders::read_from(order).map(|request| request.order)).collect()
}

/// `<list>` of the customers as they are stored, and what is doubtful about their addresses.
pub fn write<'c>(
    customers: impl ExactSizeIterator<Item = &'c Customer>,
    warnings: &[String],
    zone: &TimeZone,
) -> String {
    let mut writer = Writer::with_capacity(customers.len() * CUSTOMER_BYTES);
    writer.element("list", |writer| {
        customers.for_each(|customer| customers::write_into(writer, customer, zone));
        write_warnings(writer, warnings);
    });
    writer.finish()
}

pub fn write_with_orders<'o>(
    customer: &Customer,
    orders: impl IntoIterator<Item = (&'o Order, &'o Plan)>,
    warnings: &[String],
    zone: &TimeZone,
) -> String {
    let mut writer = Writer::new();
    writer.element("addCustomerAndOrderResponse", |writer| {
        customers::write_into(writer, customer, zone);
        for (order, plan) in orders {
            orders::write_into(writer, order, plan, &[], zone);
        }
        write_warnings(writer, warnings);
    });
    writer.finish()
}

/// Nothing where nothing is doubtful.
fn write_warnings(writer: &mut Writer, warnings: &[String]) {
    if !warnings.is_empty() {
        writer.element("errors", |writer| warnings.iter().for_each(|warning| writer.text("error", warning)));
    }
}
