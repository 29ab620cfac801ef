//! An order that replaces another.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::change_orders;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, change_orders::read));
