//! An invoice that a merchant makes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::invoice_requests;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, invoice_requests::read));
