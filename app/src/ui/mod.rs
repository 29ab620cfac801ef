//! The parts that pages are made of: data in, markup with the classes of `style/` out.

mod badge;
mod facts;
mod field;
mod layout;
mod markup;
mod pager;
mod passkey;
mod place;
mod select;
mod table;

pub use badge::{
    Badge, PaymentKind, Status, badge, customer_badge, invoice_badge, open_badge, order_badge, payment_badge,
};
pub use facts::{Fact, Facts, amount, day, facts_list, link, own};
pub use field::{Field, Input, Problems, TokenField, error_text, field, token_field};
pub use layout::{
    Bare, BrandLogo, BusyNote, Document, Empty, Icon, Layout, PrintButton, ResultPage, back_to_merchant, empty,
    failed_page, icon,
};
pub use markup::Markup;
pub use pager::Pager;
pub use passkey::{PASSKEYS_SCRIPT, PasskeyForm, PasskeyWords, assertion};
pub use place::{Place, Tab, invoice_page, order_page, pair, pay_page, payment_page, query};
pub use select::{Choice, Options, Select, select};
pub use table::{Column, Table, table};
