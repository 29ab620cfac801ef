//! Adapters of the ports: how the program really meets the outside world.

pub mod avalara;
pub mod mail;
pub mod processors;
pub mod system_clock;
pub mod test_processor;
