//! The UniPay-compatible customer as JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::unipay::{change, from_json, new};
use wire_fuzz::refusal;

fuzz_target!(|bytes: &[u8]| {
    let Ok(given) = from_json(bytes) else { return };
    for problems in [new(&given).err(), change(&given).err()].iter().flatten() {
        refusal(problems);
    }
});
