//! How the portal is to look.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::branding;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, branding::read));
