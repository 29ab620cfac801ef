//! What processors told us of and nobody applied, as whoever looks after it sees it. Ours.

use domain::dates::Timestamp;
use domain::ids::PaymentId;
use domain::payments::Processor;

use crate::writer::Writer;

/// Bytes that a member of a list takes.
const MEMBER_BYTES: usize = 512;

/// An event that waits for a person.
#[derive(Clone, Copy, Debug)]
pub struct Event<'e> {
    pub processor: Processor,
    pub id: &'e str,
    pub event_type: &'e str,
    /// The one that it names.
    pub payment: Option<PaymentId>,
    pub reason: &'e str,
    pub received_at: Timestamp,
}

pub fn write(events: &[Event<'_>]) -> String {
    let mut writer = Writer::with_capacity(MEMBER_BYTES * (events.len() + 1));
    writer.element("list", |writer| events.iter().for_each(|event| write_into(writer, event)));
    writer.finish()
}

fn write_into(writer: &mut Writer, event: &Event<'_>) {
    writer.element("gatewayEvent", |writer| {
        writer.text("processor", event.processor.title());
        writer.text("eventId", event.id);
        writer.text("eventType", event.event_type);
        writer.optional_reference("payment", event.payment);
        writer.text("reason", event.reason);
        writer.text("receivedTime", &event.received_at.to_wire());
    });
}
