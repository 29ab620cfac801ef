//! Change orders: one order ends on a date and another continues it (`api.md` §4).
//!
//! The answer is the new order, as orders are written.

use domain::checks::Problems;
use domain::dates::Date;

use crate::element::Element;
use crate::orders::{self, OrderRef, OrderRequest};
use crate::reader::{self, Reader};

#[derive(Clone, Debug)]
pub struct ChangeOrderRequest {
    /// The order that ends.
    pub order: OrderRef,
    /// `None`: today.
    pub effective_on: Option<Date>,
    /// It starts when the other one ends, whatever it leaves out; its customer is the same.
    pub new: OrderRequest,
}

pub fn read(change: &Element) -> Result<ChangeOrderRequest, Problems> {
    reader::expect_root(change, &["changeOrder"])?;
    reader::read(change, read_from)
}

fn read_from(change: &Reader<'_>) -> Option<ChangeOrderRequest> {
    let order = orders::read_reference(change);
    let is_named = ["subscriptionOrder", "order", "orderNumber"].into_iter().any(|name| change.is_given(name));
    if !is_named {
        change.wrong("subscriptionOrder", "is required, with its id or orderNumber");
    }
    let effective_on = change.date("effectiveDate").value().map(Date);
    let new = change.required("newOrder", change.child("newOrder"));
    let new = new.and_then(|new| new_order(&new, effective_on));
    Some(ChangeOrderRequest { order: order?, effective_on, new: new? })
}

/// Its fields stand in `newOrder`, or in a `subscriptionOrder` in there.
fn new_order(new: &Reader<'_>, effective_on: Option<Date>) -> Option<OrderRequest> {
    let inner = new.child("subscriptionOrder").value();
    let new = inner.as_ref().unwrap_or(new);
    let request = orders::read_from(new)?;
    if request.order.is_draft {
        new.wrong("orderStatus", "must not be Draft: the new order continues the old one at once");
    }
    let starts = request.order.start_on;
    if starts.is_some() && starts != effective_on {
        new.wrong("startDate", "must be effectiveDate, or be left out");
    }
    Some(request)
}
