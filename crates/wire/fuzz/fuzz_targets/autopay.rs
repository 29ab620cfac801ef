//! A payment method to be kept.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::autopay;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, autopay::read));
