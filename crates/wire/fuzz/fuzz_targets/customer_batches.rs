//! Several customers, and a customer with its orders.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::customer_batches;
use wire_fuzz::object;

fuzz_target!(|bytes: &[u8]| {
    object(bytes, customer_batches::read);
    object(bytes, customer_batches::read_with_orders);
});
