//! What the mails say, in the customer's language.

use documents::{MailAmount, MailDocument};
use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::CustomerId;
use domain::invoices::Invoice;
use domain::money::Quantity;
use domain::orders::{Order, OrderLine};
use domain::organizations::Organization;
use domain::payments::Payment;
use domain::plans::Plan;
use texts::Texts;

use crate::documents::texts_for;

/// What a mail is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    Invoice(&'a Invoice),
    Order(&'a Order, &'a Plan),
    Payment(&'a Payment),
}

impl Subject<'_> {
    /// What has happened when the mail goes out by itself.
    pub fn event(self) -> EventType {
        match self {
            Subject::Invoice(_) => EventType::NewInvoice,
            Subject::Order(..) => EventType::NewOrder,
            Subject::Payment(_) => EventType::PaymentReceived,
        }
    }

    pub fn object(self) -> i64 {
        match self {
            Subject::Invoice(invoice) => invoice.id.0,
            Subject::Order(order, _) => order.id.0,
            Subject::Payment(payment) => payment.id.0,
        }
    }

    pub fn customer(self) -> CustomerId {
        match self {
            Subject::Invoice(invoice) => invoice.customer,
            Subject::Order(order, _) => order.customer,
            Subject::Payment(payment) => payment.customer,
        }
    }
}

pub fn document(org: &Organization, customer: &Customer, subject: Subject<'_>) -> MailDocument {
    let t = texts_for(org, customer);
    let name = customer.billing_contact.full_name();
    let words = match subject {
        Subject::Invoice(invoice) => of_invoice(t, invoice),
        Subject::Order(order, plan) => of_order(t, order, plan),
        Subject::Payment(payment) => of_payment(t, payment),
    };
    MailDocument {
        language: t.tag().to_owned(),
        organization: documents::Organization { name: org.name.clone(), ..documents::Organization::default() },
        subject: one_line(&format!("{} – {}", words.title, org.name)),
        title: words.title,
        greeting: t.mail_hello(if name.is_empty() { &customer.name } else { &name }),
        message: words.message.to_owned(),
        amount: words.amount,
        facts: words.facts.into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
        link: org.portal.page_url.clone().map(|url| (t.mail_open_account().to_owned(), url)),
        closing: t.mail_why(&org.name),
    }
}

struct Words {
    title: String,
    message: &'static str,
    amount: Option<MailAmount>,
    facts: Vec<(&'static str, String)>,
}

fn of_invoice(t: Texts, invoice: &Invoice) -> Words {
    let due = invoice.outstanding();
    let mut facts = vec![
        (t.column_invoice(), invoice.number.clone()),
        (t.column_date(), t.date(invoice.invoiced_on)),
        (t.document_period(), t.period(invoice.period)),
        (t.total(), t.money(invoice.currency, invoice.total)),
    ];
    if !invoice.applied.is_zero() {
        facts.push((t.document_paid(), t.money(invoice.currency, invoice.applied)));
    }
    let note = if due.is_positive() { t.due_on(t.date(invoice.due_on)) } else { t.mail_nothing_left().to_owned() };
    let (label, value) = (t.document_amount_due().to_owned(), t.money(invoice.currency, due));
    Words {
        title: t.invoice_number(&invoice.number),
        message: t.mail_invoice(),
        amount: Some(MailAmount { label, value, note }),
        facts,
    }
}

fn of_order(t: Texts, order: &Order, plan: &Plan) -> Words {
    let mut facts = vec![
        (t.order(), order.number.clone()),
        (t.order_plan(), plan.name.clone()),
        (t.order_start(), t.date(order.start_on)),
    ];
    if let Some(end) = order.end_on {
        facts.push((t.order_end(), t.date(end)));
    }
    let lines = order.lines.iter().map(|line| included(t, line, plan));
    facts.push((t.order_includes(), lines.collect::<Vec<_>>().join(", ")));
    Words { title: t.order_number(&order.number), message: t.mail_order(), amount: None, facts }
}

/// `Monthly fee`, `3 × Additional seats`
fn included(t: Texts, line: &OrderLine, plan: &Plan) -> String {
    let charge = plan.charge_by_code(&line.price_code);
    let name = charge.map_or(&line.price_code, |charge| &charge.invoice_text);
    if line.quantity == Quantity::ONE { name.clone() } else { format!("{} × {name}", t.quantity(line.quantity)) }
}

fn of_payment(t: Texts, payment: &Payment) -> Words {
    Words {
        title: t.payment_number(&payment.number),
        message: t.mail_payment(),
        amount: Some(MailAmount {
            label: t.mail_amount_received().to_owned(),
            value: t.money(payment.currency, payment.amount),
            note: t.date(payment.effective_on),
        }),
        facts: vec![(t.column_payment(), payment.number.clone()), (t.paid_with(), t.method(&payment.method_context))],
    }
}

/// Without line breaks and other control characters: what stands in a header of a mail begins no other.
pub fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_header_is_one_line() {
        assert_eq!(one_line("Acme\r\nBcc: all@example.com\u{0}\u{85}x"), "Acme Bcc: all@example.com x");
        assert_eq!(one_line("Zoë 山田"), "Zoë 山田");
    }
}
