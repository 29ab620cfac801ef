//! Many orders at once (`api.md` §4).

use domain::checks::Problems;
use domain::invoices::FullInvoice;
use domain::orders::{ORDERS_MAX, Order};
use domain::plans::Plan;
use jiff::tz::TimeZone;

use crate::element::Element;
use crate::orders::{self, OrderRequest};
use crate::reader;
use crate::writer::Writer;

const LIST_ROOTS: [&str; 2] = ["list", "subscriptionOrders"];
/// Room for one order in an answer.
const ORDER_BYTES: usize = 2_048;

/// Whether the root is that of a bulk create.
pub fn is_list(element: &Element) -> bool {
    LIST_ROOTS.contains(&element.name.as_str())
}

/// `<list><subscriptionOrder>…</subscriptionOrder>…</list>`.
pub fn read(list: &Element) -> Result<Vec<OrderRequest>, Problems> {
    reader::expect_root(list, &LIST_ROOTS)?;
    reader::read_list_of(list, "subscriptionOrder", ORDERS_MAX, orders::read_from)
}

/// `<list>` of orders, their invoices by id.
pub fn write<'o>(orders: impl ExactSizeIterator<Item = (&'o Order, &'o Plan)>, zone: &TimeZone) -> String {
    write_placed(orders.map(|(order, plan)| (order, plan, [].as_slice())), zone)
}

/// The same, with those of the invoices expanded that were made with the orders.
pub fn write_placed<'o>(
    orders: impl ExactSizeIterator<Item = (&'o Order, &'o Plan, &'o [FullInvoice])>,
    zone: &TimeZone,
) -> String {
    let mut writer = Writer::with_capacity(ORDER_BYTES * (orders.len() + 1));
    writer.element("list", |writer| {
        orders.for_each(|(order, plan, invoices)| orders::write_into(writer, order, plan, invoices, zone));
    });
    writer.finish()
}
