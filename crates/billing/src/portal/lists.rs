//! What a customer finds among the own invoices and payments, page by page.

use domain::dates::Date;
use domain::invoices::{Invoice, InvoiceSearch};
use domain::payments::{Payment, PaymentSearch};
use store::{Page, invoice_search, payment_search};

use super::Me;
use crate::{Error, Result};

/// Rows of a list on one page.
pub const ROWS: i64 = 20;
/// More are not counted, and can't be leafed through: who has as many looks for what is wanted.
pub const COUNTED_MAX: i64 = 10_000;

/// A part of a list, and how long all of it is.
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub extent: Extent,
    pub today: Date,
}

/// Where a part of a list is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// From 1.
    pub page: i64,
    pub pages: i64,
    /// At most [`COUNTED_MAX`].
    pub total: i64,
    /// There are more than that.
    pub has_more: bool,
}

impl Me {
    /// `page` counts from 1.
    pub async fn invoices(&self, search: &InvoiceSearch, page: i64) -> Result<Listed<Invoice>> {
        let mut view = self.view().await?;
        let wanted = invoice_search::Wanted { org: self.org.id, customer: self.id(), search, today: self.today() };
        let found = invoice_search::find(&mut view.conn, wanted, rows(page), COUNTED_MAX + 1).await?;
        self.found(found, page)
    }

    pub async fn payments(&self, search: PaymentSearch, page: i64) -> Result<Listed<Payment>> {
        if !self.org.portal.show_payments {
            return Err(Error::NotFound("page"));
        }
        let mut view = self.view().await?;
        let wanted = payment_search::Wanted { org: self.org.id, customer: self.id(), search };
        let found = payment_search::find(&mut view.conn, wanted, rows(page), COUNTED_MAX + 1).await?;
        self.found(found, page)
    }

    /// A page behind the last is not there, unless there is none at all.
    fn found<T>(&self, (rows, counted): (Vec<T>, i64), page: i64) -> Result<Listed<T>> {
        let mut listed = self.listed(rows, page, counted.min(COUNTED_MAX));
        listed.extent.has_more = counted > COUNTED_MAX;
        if page > listed.extent.pages && counted > 0 {
            return Err(Error::NotFound("page"));
        }
        Ok(listed)
    }

    pub(super) fn listed<T>(&self, rows: Vec<T>, page: i64, total: i64) -> Listed<T> {
        let pages = ((total + ROWS - 1) / ROWS).max(1);
        let extent = Extent { page: page.clamp(1, pages), pages, total, has_more: false };
        Listed { rows, extent, today: self.today() }
    }
}

pub(super) fn rows(page: i64) -> Page {
    Page { offset: (page.clamp(1, COUNTED_MAX) - 1) * ROWS, max: ROWS }
}
