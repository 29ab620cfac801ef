//! A key that a merchant signs tokens with.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::sso_keys;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, sso_keys::read));
