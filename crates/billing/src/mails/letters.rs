//! What the mails say.

use documents::MailDocument;
use domain::customers::Customer;
use domain::ids::CustomerId;
use domain::invoices::Invoice;
use domain::orders::Order;
use domain::organizations::Organization;
use domain::payments::Payment;
use domain::plans::Plan;

use crate::display::{date, method, money};

/// What a mail is about.
#[derive(Debug)]
pub enum Subject {
    Invoice(Invoice),
    Order(Box<(Order, Plan)>),
    Payment(Payment),
}

impl Subject {
    pub fn customer(&self) -> CustomerId {
        match self {
            Subject::Invoice(invoice) => invoice.customer,
            Subject::Order(placed) => placed.0.customer,
            Subject::Payment(payment) => payment.customer,
        }
    }
}

pub fn document(org: &Organization, customer: &Customer, subject: &Subject) -> MailDocument {
    let name = customer.billing_contact.full_name();
    let (title, message, facts) = match subject {
        Subject::Invoice(invoice) => of_invoice(invoice),
        Subject::Order(placed) => of_order(&placed.0, &placed.1),
        Subject::Payment(payment) => of_payment(payment),
    };
    MailDocument {
        language: customer.locale.replace('_', "-"),
        organization: documents::Organization { name: org.name.clone(), ..documents::Organization::default() },
        subject: one_line(&format!("{title} – {}", org.name)),
        title,
        greeting: format!("Hello {},", if name.is_empty() { &customer.name } else { &name }),
        message,
        facts: facts.into_iter().map(|(label, value)| (label.to_owned(), value)).collect(),
        link: org.portal.page_url.clone().map(|url| ("Open your account".to_owned(), url)),
        closing: format!("You receive this mail because you are a customer of {}.", org.name),
    }
}

type Words = (String, String, Vec<(&'static str, String)>);

fn of_invoice(invoice: &Invoice) -> Words {
    let facts = vec![
        ("Invoice", invoice.number.clone()),
        ("Date", date(invoice.invoiced_on)),
        ("Total", money(invoice.currency, invoice.total)),
        ("Amount due", money(invoice.currency, invoice.outstanding())),
        ("Due", date(invoice.due_on)),
    ];
    (format!("Invoice {}", invoice.number), "Your invoice is attached as a PDF.".to_owned(), facts)
}

fn of_order(order: &Order, plan: &Plan) -> Words {
    let facts = vec![("Order", order.number.clone()), ("Plan", plan.name.clone()), ("From", date(order.start_on))];
    (format!("Order {}", order.number), "Thank you for your order. This is what we have noted.".to_owned(), facts)
}

fn of_payment(payment: &Payment) -> Words {
    let facts = vec![
        ("Payment", payment.number.clone()),
        ("Amount", money(payment.currency, payment.amount)),
        ("Paid with", method(payment)),
        ("Date", date(payment.effective_on)),
    ];
    (format!("Payment {}", payment.number), "We have received your payment. Thank you.".to_owned(), facts)
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
