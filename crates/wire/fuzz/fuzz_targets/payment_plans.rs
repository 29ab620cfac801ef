//! A payment plan to be made or changed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::payment_plans;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| {
    object(bytes, payment_plans::read);
    object(bytes, payment_plans::read_change);
});
