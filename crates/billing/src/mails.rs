//! Mails to customers. One is written and stored with what it is about, and sent afterwards: a crash between the two
//! loses nothing. A mail goes out under the same name each time, so a repeat after a crash can be recognised.

mod letters;
mod outbox;

use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::{CustomerId, InvoiceId, MailId, OrderId, PaymentId};
use domain::invoices::InvoiceStatus;
use domain::payments::{PaymentStatus, PaymentType};
use store::mails::Mail;
use wire::notifications::{NotificationRequest, ObjectRef};

use crate::{Error, Result, Unit};
use letters::Subject;

pub use outbox::{Attachment, Letter, Mailer, NotDelivered, deliver_due};

/// Queues the mail that a merchant's program asks for (`api.md` §2.9).
pub async fn notify(unit: &mut Unit, request: &NotificationRequest) -> Result<MailId> {
    let enabled = store::mails::enabled(&mut unit.tx, unit.org.id).await?;
    if !enabled.split_whitespace().any(|event| event == request.event.as_str()) {
        return Err(Error::refused(format!("Notifications of {} are not enabled.", request.event)));
    }
    let customer = customer(unit, request).await?;
    let (object, subject) = subject(unit, request.event, &request.object).await?;
    if subject.customer() != customer.id {
        return Err(Error::invalid("objectId", "The object does not belong to the customer."));
    }
    if customer.billing_contact.email_primary.is_empty() {
        return Err(Error::refused("The customer has no e-mail address; set emailPrimary of its billingContact."));
    }
    queue(unit, &customer, request.event, object, &subject).await
}

async fn queue(
    unit: &mut Unit,
    customer: &Customer,
    event: EventType,
    object: i64,
    subject: &Subject,
) -> Result<MailId> {
    let document = letters::document(&unit.org, customer, subject);
    let mail = Mail {
        id: unit.id(MailId).await?,
        customer_id: customer.id,
        event,
        object_id: object,
        recipient: customer.billing_contact.email_primary.clone(),
        recipient_name: letters::one_line(&customer.billing_contact.full_name()),
        subject: document.subject.clone(),
        body_text: documents::mail_text(&document)?,
        body_html: documents::mail_html(&document)?,
        created_at: unit.now,
    };
    store::mails::insert(&mut unit.tx, unit.org.id, &mail, unit.wall).await?;
    Ok(mail.id)
}

async fn customer(unit: &mut Unit, request: &NotificationRequest) -> Result<Customer> {
    let (org, named) = (unit.org.id, &request.customer);
    let by_reference = match &named.ext_customer_ref {
        Some(reference) => {
            let found = store::customers::find_id(&mut unit.tx, org, reference).await?;
            Some(found.ok_or(Error::NotFound("customer"))?)
        }
        None => None,
    };
    let id = named.id.map(CustomerId).or(by_reference).ok_or(Error::NotFound("customer"))?;
    if by_reference.is_some_and(|other| other != id) {
        return Err(Error::invalid("customerId", "customerId and customerRef name different customers."));
    }
    store::customers::find(&mut unit.tx, org, id).await?.ok_or(Error::NotFound("customer"))
}

/// What the mail is about. Id and number must lead to the same.
async fn subject(unit: &mut Unit, event: EventType, object: &ObjectRef) -> Result<(i64, Subject)> {
    let (org, number) = (unit.org.id, object.number.as_deref());
    match event {
        EventType::NewInvoice => {
            let by_number = match number {
                Some(number) => store::invoices::find_id(&mut unit.tx, org, number).await?.map(|id| id.0),
                None => None,
            };
            let id = agreed(object, by_number, "invoice")?;
            let found = store::invoices::find(&mut unit.tx, org, InvoiceId(id)).await?;
            let invoice = found.ok_or(Error::NotFound("invoice"))?;
            if matches!(invoice.status, InvoiceStatus::Draft | InvoiceStatus::Error) {
                return Err(Error::refused(format!(
                    "The invoice is {}; customers are not told of it.",
                    invoice.status
                )));
            }
            Ok((id, Subject::Invoice(invoice)))
        }
        EventType::NewOrder => {
            let by_number = match number {
                Some(number) => store::orders::find_id(&mut unit.tx, org, number).await?.map(|id| id.0),
                None => None,
            };
            let id = agreed(object, by_number, "order")?;
            order(unit, OrderId(id)).await
        }
        EventType::PaymentReceived => {
            let by_number = match number {
                Some(number) => store::payments::find_id(&mut unit.tx, org, number).await?.map(|id| id.0),
                None => None,
            };
            let id = agreed(object, by_number, "payment")?;
            payment(unit, PaymentId(id)).await
        }
        other => Err(Error::bug(format!("no mail is written of {other}"))),
    }
}

async fn order(unit: &mut Unit, id: OrderId) -> Result<(i64, Subject)> {
    let order = store::orders::find(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("order"))?;
    let plan = store::plans::of_order(&mut unit.tx, unit.org.id, &order).await?;
    let plan = plan.ok_or_else(|| Error::bug("an order without its plan"))?;
    Ok((id.0, Subject::Order(Box::new((order, plan)))))
}

async fn payment(unit: &mut Unit, id: PaymentId) -> Result<(i64, Subject)> {
    let payment = store::payments::find(&mut unit.tx, unit.org.id, id).await?.ok_or(Error::NotFound("payment"))?;
    if payment.payment_type != PaymentType::Payment {
        return Err(Error::NotFound("payment"));
    }
    if payment.status != PaymentStatus::Paid {
        return Err(Error::refused(format!("The payment is {}; nothing was received.", payment.status)));
    }
    Ok((id.0, Subject::Payment(payment)))
}

fn agreed(object: &ObjectRef, by_number: Option<i64>, what: &'static str) -> Result<i64> {
    match (object.id, by_number) {
        (Some(id), Some(other)) if id != other => {
            Err(Error::invalid("objectId", "objectId and objectRef name different objects."))
        }
        // A number that leads nowhere is wrong beside an id, too.
        (_, None) if object.number.is_some() => Err(Error::NotFound(what)),
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err(Error::NotFound(what)),
    }
}
