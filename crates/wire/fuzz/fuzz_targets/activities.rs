//! Usage that is sent in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::activities;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| object(bytes, activities::read));
