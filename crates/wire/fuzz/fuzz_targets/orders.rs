//! An order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::orders;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, orders::read));
