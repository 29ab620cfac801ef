//! The time a test organization is to have.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::test_clock;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, test_clock::read));
