//! The parts that pages are made of: data in, markup with the classes of `style/` out.

mod badge;
mod facts;
mod field;
mod layout;
mod pager;
mod passkey;
mod place;
mod select;
mod table;

pub use badge::{Badge, PaymentKind, Status, customer_badge, invoice_badge, open_badge, order_badge, payment_badge};
pub use facts::{Day, Facts};
pub use field::{ErrorText, Field, Input, Problems, TokenField};
pub use layout::{Bare, BrandLogo, BusyNote, Document, Empty, Icon, Layout, PrintButton, ResultPage, failed_page};
pub use pager::Pager;
pub use passkey::{PASSKEYS_SCRIPT, PasskeyForm, PasskeyWords, assertion};
pub use place::{Place, Tab, invoice_page, order_page, pair, pay_page, payment_page, query};
pub use select::{Choice, Select};
pub use table::{Column, Table};
