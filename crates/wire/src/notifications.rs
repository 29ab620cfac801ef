//! A mail to a customer, asked for by the merchant's program (`api.md` §2.9).

use domain::checks::Problems;
use domain::customers::EXT_CUSTOMER_REF_MAX;
use domain::events::EventType;

use crate::customers::CustomerRef;
use crate::element::Element;
use crate::reader::{self, Reader};
use crate::writer::Writer;

const NUMBER_MAX: usize = 50;
const EVENTS: [(&str, EventType); 3] = [
    ("newInvoice", EventType::NewInvoice),
    ("newOrder", EventType::NewOrder),
    ("paymentReceived", EventType::PaymentReceived),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotificationRequest {
    /// One of three.
    pub event: EventType,
    pub object: ObjectRef,
    pub customer: CustomerRef,
}

/// An invoice, order or payment. Both may be given; whoever looks it up checks that they agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRef {
    pub id: Option<i64>,
    pub number: Option<String>,
}

pub fn read(body: &Element) -> Result<NotificationRequest, Problems> {
    reader::expect_root(body, &["sendEmail"])?;
    reader::read(body, |body| {
        let event = body.required("eventType", body.one_of("eventType", &EVENTS));
        let object = object(body);
        let customer = customer(body);
        Some(NotificationRequest { event: event?, object: object?, customer: customer? })
    })
}

fn object(body: &Reader<'_>) -> Option<ObjectRef> {
    let id = body.integer("objectId", 1..=i64::MAX).value();
    let number = body.text("objectRef", NUMBER_MAX).value();
    if !body.is_given("objectId") && !body.is_given("objectRef") {
        body.wrong_sentence("objectId", "objectId or objectRef is required.");
    }
    (id.is_some() || number.is_some()).then_some(ObjectRef { id, number })
}

/// A `customerId` that is no number is the merchant's own reference: the vendor's sample has one.
fn customer(body: &Reader<'_>) -> Option<CustomerRef> {
    let given = body.text("customerId", EXT_CUSTOMER_REF_MAX).value();
    let reference = body.text("customerRef", EXT_CUSTOMER_REF_MAX).value();
    let id = given.as_deref().and_then(|text| text.parse().ok());
    let named = given.filter(|_| id.is_none());
    if named.as_ref().zip(reference.as_ref()).is_some_and(|(named, reference)| named != reference) {
        body.wrong("customerId", "and customerRef must name the same customer");
    }
    if !body.is_given("customerId") && !body.is_given("customerRef") {
        body.wrong_sentence("customerId", "customerId or customerRef is required.");
    }
    let ext_customer_ref = reference.or(named);
    (id.is_some() || ext_customer_ref.is_some()).then_some(CustomerRef { id, ext_customer_ref })
}

/// The vendor's words, which clients compare.
pub fn success() -> String {
    response(true, "Mail Send successfully")
}

pub fn failure(message: &str) -> String {
    response(false, message)
}

fn response(success: bool, message: &str) -> String {
    let mut writer = Writer::with_capacity(256);
    writer.element("response", |writer| {
        writer.boolean("success", success);
        writer.text("message", message);
    });
    writer.finish()
}
