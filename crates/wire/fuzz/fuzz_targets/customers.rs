//! A customer to be made.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::customers;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, customers::read));
