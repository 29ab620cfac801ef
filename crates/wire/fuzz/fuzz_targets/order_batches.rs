//! Orders that are placed together.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::order_batches;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, order_batches::read));
