//! A payment, credit or refund, whichever the address says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::payments;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| {
    object(bytes, payments::read);
    object(bytes, payments::read_credit);
    object(bytes, payments::read_refund);
});
