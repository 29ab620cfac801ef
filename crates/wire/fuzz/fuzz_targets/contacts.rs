//! A contact to be changed or added.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::customer_updates;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| {
    for name in ["billingContact", "salesContact"] {
        object(bytes, |contact| customer_updates::read_contact(contact, name));
        object(bytes, |contact| customer_updates::read_new_contact(contact, name));
    }
});
