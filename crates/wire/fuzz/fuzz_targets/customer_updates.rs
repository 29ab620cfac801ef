//! A customer to be changed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::customer_updates;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, customer_updates::read));
