//! What also runs in the browser. Props are text and numbers, made by the server, and public: they
//! stand in the page.

mod card_assist;
mod pick_invoices;

pub use card_assist::{CardAssist, CardTexts};
pub use pick_invoices::{Choice, Labels, MoneyFormat, PickInvoices};
