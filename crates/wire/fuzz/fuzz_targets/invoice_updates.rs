//! What is to become of an invoice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::invoice_updates;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, invoice_updates::read));
