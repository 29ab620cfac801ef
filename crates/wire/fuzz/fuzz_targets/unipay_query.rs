//! The UniPay-compatible customer as form text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::unipay::{change, from_query, new};
use wire_fuzz::refusal;

fuzz_target!(|bytes: &[u8]| {
    let Ok(given) = from_query(bytes) else { return };
    for problems in [new(&given).err(), change(&given).err()].iter().flatten() {
        refusal(problems);
    }
});
