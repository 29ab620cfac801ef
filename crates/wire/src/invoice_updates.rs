//! Invoices to be changed: absent stays, empty goes, lines that are there replace those that are stored
//! (`api.md` §1.9, §5.2). Sums and `invoicePayments` are ours: where they are sent back, they are not read.

use domain::checks::Problems;
use domain::dates::Date;
use domain::ids::{CustomerId, InvoiceId};
use domain::invoices::{FOREIGN_ID_MAX, InvoiceUpdate};
use domain::orders::NOTES_MAX;

use crate::customers;
use crate::element::Element;
use crate::fields;
use crate::invoice_requests::lines;
use crate::reader::{self, Reader};

/// As long as any number that a run made.
const INVOICE_NUMBER_MAX: usize = 50;

/// What an `<invoice>` changes.
pub fn read(invoice: &Element) -> Result<InvoiceUpdate, Problems> {
    reader::expect_root(invoice, &["invoice"])?;
    reader::read(invoice, |invoice| Some(read_from(invoice)))
}

fn read_from(invoice: &Reader<'_>) -> InvoiceUpdate {
    let day = |name| invoice.not_cleared(name, invoice.date(name)).map(Date);
    let customer = customers::read_reference(invoice);
    let (customer, ext_customer_ref) =
        customer.map_or((None, None), |customer| (customer.id.map(CustomerId), customer.ext_customer_ref));
    InvoiceUpdate {
        due_on: day("dueDate"),
        notes: invoice.text("invoiceNotes", NOTES_MAX).into(),
        crm_id: invoice.text("crmInvoiceId", FOREIGN_ID_MAX).into(),
        erp_id: invoice.text("erpInvoiceId", FOREIGN_ID_MAX).into(),
        invoiced_on: day("invoiceDate"),
        starts_on: day("billingStartDate"),
        ends_on: day("billingEndDate"),
        status: invoice.not_cleared("status", invoice.parsed("status", str::parse)),
        lines: lines(invoice),
        id: invoice.id().value().map(InvoiceId),
        number: invoice.not_cleared("invoiceNumber", invoice.text("invoiceNumber", INVOICE_NUMBER_MAX)),
        customer,
        ext_customer_ref,
        currency: fields::currency(invoice),
    }
}
