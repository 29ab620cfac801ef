//! A mail that is asked for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::notifications;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, notifications::read));
