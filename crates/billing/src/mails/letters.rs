//! What the mails say.

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

use crate::display::{date, method, money, period};

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
    let name = customer.billing_contact.full_name();
    let words = match subject {
        Subject::Invoice(invoice) => of_invoice(invoice),
        Subject::Order(order, plan) => of_order(order, plan),
        Subject::Payment(payment) => of_payment(payment),
    };
    MailDocument {
        language: customer.locale.replace('_', "-"),
        organization: documents::Organization { name: org.name.clone(), ..documents::Organization::default() },
        subject: one_line(&format!("{} – {}", words.title, org.name)),
        title: words.title,
        greeting: format!("Hello {},", if name.is_empty() { &customer.name } else { &name }),
        message: words.message.to_owned(),
        amount: words.amount,
        facts: words.facts.into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
        link: org.portal.page_url.clone().map(|url| ("Open your account".to_owned(), url)),
        closing: format!("You receive this mail because you are a customer of {}.", org.name),
    }
}

struct Words {
    title: String,
    message: &'static str,
    amount: Option<MailAmount>,
    facts: Vec<(&'static str, String)>,
}

fn of_invoice(invoice: &Invoice) -> Words {
    let due = invoice.outstanding();
    let mut facts = vec![
        ("Invoice", invoice.number.clone()),
        ("Date", date(invoice.invoiced_on)),
        ("Billing period", period(invoice.period)),
        ("Total", money(invoice.currency, invoice.total)),
    ];
    if !invoice.applied.is_zero() {
        facts.push(("Paid", money(invoice.currency, invoice.applied)));
    }
    let note =
        if due.is_positive() { format!("Due {}", date(invoice.due_on)) } else { "Nothing is left to pay".to_owned() };
    Words {
        title: format!("Invoice {}", invoice.number),
        message: "Your invoice is attached as a PDF.",
        amount: Some(MailAmount { label: "Amount due".to_owned(), value: money(invoice.currency, due), note }),
        facts,
    }
}

fn of_order(order: &Order, plan: &Plan) -> Words {
    let mut facts = vec![("Order", order.number.clone()), ("Plan", plan.name.clone()), ("From", date(order.start_on))];
    if let Some(end) = order.end_on {
        facts.push(("Until", date(end)));
    }
    facts.push(("Includes", order.lines.iter().map(|line| included(line, plan)).collect::<Vec<_>>().join(", ")));
    Words {
        title: format!("Order {}", order.number),
        message: "Thank you for your order. This is what we have noted.",
        amount: None,
        facts,
    }
}

/// `Monthly fee`, `3 × Additional seats`
fn included(line: &OrderLine, plan: &Plan) -> String {
    let charge = plan.charge_by_code(&line.price_code);
    let name = charge.map_or(&line.price_code, |charge| &charge.invoice_text);
    if line.quantity == Quantity::ONE { name.clone() } else { format!("{} × {name}", line.quantity.format(0)) }
}

fn of_payment(payment: &Payment) -> Words {
    Words {
        title: format!("Payment {}", payment.number),
        message: "We have received your payment. Thank you.",
        amount: Some(MailAmount {
            label: "Amount received".to_owned(),
            value: money(payment.currency, payment.amount),
            note: date(payment.effective_on),
        }),
        facts: vec![("Payment", payment.number.clone()), ("Paid with", method(payment))],
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
