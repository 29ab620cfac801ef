//! What is to become of an order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::order_updates;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, order_updates::read));
