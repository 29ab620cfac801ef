//! Lists of customers and of what changed with them (`api.md` §1.6, §2.4, §2.7).

use domain::customers::Customer;
use domain::transitions::Transition;
use jiff::tz::TimeZone;

use crate::customers;
use crate::writer::Writer;

/// Bytes that one customer takes.
const CUSTOMER_BYTES: usize = 2_048;

pub fn customers<'a>(customers: impl ExactSizeIterator<Item = &'a Customer>, zone: &TimeZone) -> String {
    let mut writer = Writer::with_capacity(CUSTOMER_BYTES * (customers.len() + 1));
    writer.element("list", |writer| customers.for_each(|customer| customers::write_into(writer, customer, zone)));
    writer.finish()
}

/// Each with the customer as it is now.
pub fn transitions<'a>(
    transitions: impl ExactSizeIterator<Item = (&'a Transition, &'a Customer)>,
    zone: &TimeZone,
) -> String {
    let mut writer = Writer::with_capacity(CUSTOMER_BYTES * (transitions.len() + 1));
    writer.element("list", |writer| {
        transitions.for_each(|(transition, customer)| write_transition(writer, transition, customer, zone));
    });
    writer.finish()
}

/// One alone, as callbacks tell it.
pub fn transition(transition: &Transition, customer: &Customer, zone: &TimeZone) -> String {
    let mut writer = Writer::new();
    write_transition(&mut writer, transition, customer, zone);
    writer.finish()
}

fn write_transition(writer: &mut Writer, transition: &Transition, customer: &Customer, zone: &TimeZone) {
    writer.object("customerTransition", transition.id, |writer| {
        writer.date("dateTransitioned", transition.transitioned_on.0);
        writer.value("previousStatus", transition.previous_status);
        writer.value("newStatus", transition.new_status);
        customers::write_into(writer, customer, zone);
    });
}
