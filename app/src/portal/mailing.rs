//! An invoice or a receipt is mailed to the billing contact, when its page asks for it.

use billing::portal::Mailed;
use billing::sessions::Flash;
use billing::{Error, Result};

use crate::forms::{Answer, Form};
use crate::guard::Portal;
use crate::portal::payments::receipt_page;
use crate::ui::invoice_page;

/// What a form of these pages asks for.
pub const ACTION: &str = "action";
pub const MAIL: &str = "mail";
pub const RECEIPT: &str = "receipt";

pub async fn invoice(portal: &Portal, number: &str, form: &Form) -> Result<Answer> {
    check(form)?;
    let mailed = portal.me.mail_invoice(number).await?;
    Ok(Answer::to(invoice_page(number)).saying(said(portal, mailed)))
}

pub async fn receipt(portal: &Portal, number: &str, form: &Form) -> Result<Answer> {
    check(form)?;
    let mailed = portal.me.mail_receipt(number, form.get(RECEIPT)).await?;
    Ok(Answer::to(receipt_page(portal, number)).saying(said(portal, mailed)))
}

fn check(form: &Form) -> Result<()> {
    if form.get(ACTION) == Some(MAIL) { Ok(()) } else { Err(Error::NotFound("action")) }
}

fn said(portal: &Portal, mailed: Mailed) -> Flash {
    let t = portal.texts;
    let not = |message: String| Flash {
        is_error: true,
        title: t.not_mailed().to_owned(),
        messages: vec![(String::new(), message)],
        values: Vec::new(),
    };
    match mailed {
        Mailed::To(address) => Flash { title: t.mailed_to(address), ..Flash::default() },
        Mailed::NoAddress => not(t.mail_no_address(&portal.me.org.name)),
        Mailed::TooMany => not(t.mail_too_many().to_owned()),
    }
}
