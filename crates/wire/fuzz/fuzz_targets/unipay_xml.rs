//! The UniPay-compatible customer as XML, in attributes or elements.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::unipay::{change, from_xml, new};
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| {
    object(bytes, |customer| new(&from_xml(customer)?));
    object(bytes, |customer| change(&from_xml(customer)?));
});
