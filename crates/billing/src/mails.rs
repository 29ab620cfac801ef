//! Mails to customers. One is written and stored in the transaction of what it tells of, and sent afterwards: a crash
//! between the two loses nothing. A mail goes out under the same name each time, so a repeat after a crash can be recognised.

pub(crate) mod access;
mod letters;
mod outbox;

use domain::customers::Customer;
use domain::events::EventType;
use domain::ids::{CustomerId, EventId, InvoiceId, MailId, OrderId, PaymentId};
use domain::invoices::{Invoice, InvoiceStatus};
use domain::orders::Order;
use domain::payments::{Payment, PaymentStatus, PaymentType};
use domain::plans::Plan;
use store::mails::Mail;
use wire::notifications::{NotificationRequest, ObjectRef};

use crate::{Error, Result, Unit};

pub use access::{device, device_in};
pub(crate) use letters::Subject;
pub use outbox::{Attachment, Letter, Mailer, NotDelivered, deliver_due};

/// Records what happened to a customer, and queues the mail that tells of it where the merchant wants customers to be
/// told. One without an address gets none.
pub(crate) async fn happened(unit: &mut Unit, customer: &Customer, subject: Subject<'_>) -> Result<()> {
    let event = unit.happened(subject.event(), customer.id, subject.object()).await?;
    tell(unit, customer, subject, event).await
}

/// The same for an event that is recorded already.
pub(crate) async fn tell(unit: &mut Unit, customer: &Customer, subject: Subject<'_>, event: EventId) -> Result<()> {
    if is_told(unit, customer, subject) {
        queue(unit, customer, subject, Some(event)).await?;
    }
    Ok(())
}

fn is_told(unit: &Unit, customer: &Customer, subject: Subject<'_>) -> bool {
    unit.org.notifications.contains(&subject.event()) && !customer.billing_contact.email_primary.is_empty()
}

/// The same for many, in one statement: each customer, what happened and the event.
pub(crate) async fn tell_all(unit: &mut Unit, told: &[(&Customer, Subject<'_>, EventId)]) -> Result<()> {
    let told: Vec<_> = told.iter().filter(|(customer, subject, _)| is_told(unit, customer, *subject)).collect();
    if told.is_empty() {
        return Ok(());
    }
    let ids = unit.take_ids(told.len()).await?;
    let mail = |((customer, subject, event), id): (&&(&Customer, Subject<'_>, EventId), i64)| {
        write(unit, MailId(id), customer, *subject, Some(*event))
    };
    let mails: Vec<Mail> = told.iter().zip(ids).map(mail).collect::<Result<_>>()?;
    store::mails::insert_many(&mut unit.tx, unit.org.id, &mails, unit.wall).await?;
    unit.has_mail = true;
    Ok(())
}

/// Queues the mail that a merchant's program asks for (`api.md` §2.9).
pub async fn notify(unit: &mut Unit, request: &NotificationRequest) -> Result<MailId> {
    if !unit.org.notifications.contains(&request.event) {
        return Err(Error::refused(format!("Notifications of {} are not enabled.", request.event)));
    }
    let customer = customer(unit, request).await?;
    match request.event {
        EventType::NewInvoice => {
            let invoice = invoice(unit, &request.object).await?;
            ask(unit, &customer, Subject::Invoice(&invoice)).await
        }
        EventType::NewOrder => {
            let (order, plan) = order(unit, &request.object).await?;
            ask(unit, &customer, Subject::Order(&order, &plan)).await
        }
        EventType::PaymentReceived => {
            let payment = payment(unit, &request.object).await?;
            ask(unit, &customer, Subject::Payment(&payment)).await
        }
        other => Err(Error::bug(format!("no mail is written of {other}"))),
    }
}

async fn ask(unit: &mut Unit, customer: &Customer, subject: Subject<'_>) -> Result<MailId> {
    if subject.customer() != customer.id {
        return Err(Error::invalid("objectId", "The object does not belong to the customer."));
    }
    if customer.billing_contact.email_primary.is_empty() {
        return Err(Error::refused("The customer has no e-mail address; set emailPrimary of its billingContact."));
    }
    queue(unit, customer, subject, None).await
}

/// Queues the mail that a customer asks for, who has an address.
pub(crate) async fn send(unit: &mut Unit, customer: &Customer, subject: Subject<'_>) -> Result<MailId> {
    queue(unit, customer, subject, None).await
}

async fn queue(
    unit: &mut Unit,
    customer: &Customer,
    subject: Subject<'_>,
    event_id: Option<EventId>,
) -> Result<MailId> {
    let id = unit.id(MailId).await?;
    let mail = write(unit, id, customer, subject, event_id)?;
    store::mails::insert(&mut unit.tx, unit.org.id, &mail, unit.wall).await?;
    unit.has_mail = true;
    Ok(id)
}

/// Written in the transaction: what the mail says is what was true in it, whatever is paid, renamed or moved before the
/// mail goes out. That costs two small templates and no further statement.
fn write(
    unit: &Unit,
    id: MailId,
    customer: &Customer,
    subject: Subject<'_>,
    event_id: Option<EventId>,
) -> Result<Mail> {
    let document = letters::document(&unit.org, customer, subject);
    Ok(Mail {
        id,
        customer_id: customer.id,
        event: subject.event(),
        object_id: subject.object(),
        event_id,
        recipient: customer.billing_contact.email_primary.clone(),
        recipient_name: letters::one_line(&customer.billing_contact.full_name()),
        body_text: documents::mail_text(&document)?,
        body_html: documents::mail_html(&document)?,
        subject: document.subject,
        is_sealed: false,
        created_at: unit.now,
    })
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

/// Id and number must lead to the same, here and below.
async fn invoice(unit: &mut Unit, object: &ObjectRef) -> Result<Invoice> {
    let org = unit.org.id;
    let by_number = match &object.number {
        Some(number) => store::invoices::find_id(&mut unit.tx, org, number).await?.map(|id| id.0),
        None => None,
    };
    let id = InvoiceId(agreed(object, by_number, "invoice")?);
    let invoice = store::invoices::find(&mut unit.tx, org, id).await?.ok_or(Error::NotFound("invoice"))?;
    match invoice.status {
        InvoiceStatus::Draft | InvoiceStatus::Error => {
            Err(Error::refused(format!("The invoice is {}; customers are not told of it.", invoice.status)))
        }
        _ => Ok(invoice),
    }
}

async fn order(unit: &mut Unit, object: &ObjectRef) -> Result<(Order, Plan)> {
    let org = unit.org.id;
    let by_number = match &object.number {
        Some(number) => store::orders::find_id(&mut unit.tx, org, number).await?.map(|id| id.0),
        None => None,
    };
    let id = OrderId(agreed(object, by_number, "order")?);
    let order = store::orders::find(&mut unit.tx, org, id).await?.ok_or(Error::NotFound("order"))?;
    let plan = store::plans::of_order(&mut unit.tx, org, &order).await?;
    let plan = plan.ok_or_else(|| Error::bug("an order without its plan"))?;
    Ok((order, plan))
}

async fn payment(unit: &mut Unit, object: &ObjectRef) -> Result<Payment> {
    let org = unit.org.id;
    let by_number = match &object.number {
        Some(number) => store::payments::find_id(&mut unit.tx, org, number).await?.map(|id| id.0),
        None => None,
    };
    let id = PaymentId(agreed(object, by_number, "payment")?);
    let payment = store::payments::find(&mut unit.tx, org, id).await?.ok_or(Error::NotFound("payment"))?;
    if payment.payment_type != PaymentType::Payment || payment.reverses.is_some() {
        return Err(Error::NotFound("payment"));
    }
    if payment.status != PaymentStatus::Paid {
        return Err(Error::refused(format!("The payment is {}; nothing was received.", payment.status)));
    }
    Ok(payment)
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
