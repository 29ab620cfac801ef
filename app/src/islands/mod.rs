//! What also runs in the browser. Props are text and numbers, made by the server, and public: they
//! stand in the page.

mod pick_invoices;

pub use pick_invoices::{Choice, Labels, MoneyFormat, PickInvoices};
