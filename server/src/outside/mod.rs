//! Adapters of the ports: how the program really meets the outside world.

pub mod authorize_net;
pub mod avalara;
pub mod https;
pub mod mail;
pub mod processors;
pub mod stripe;
pub mod system_clock;
pub mod test_processor;
