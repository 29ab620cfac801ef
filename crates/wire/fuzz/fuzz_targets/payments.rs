//! A payment, credit or refund, whichever the address says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::payments::{self, Kind};
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| {
    for kind in [Kind::Payment, Kind::Credit, Kind::Refund] {
        object(bytes, |payment| payments::read(payment, kind));
    }
});
