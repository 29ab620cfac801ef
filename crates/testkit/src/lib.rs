//! What tests stand on: a database of their own on either engine, a clock that is moved by hand, a processor
//! that does as it is told, a merchant's organization, and the invariants that hold after whatever happened.

pub mod addresses;
pub mod clock;
pub mod conformance;
pub mod database;
pub mod dump;
pub mod gateway;
pub mod invariants;
pub mod organization;
pub mod outages;
pub mod scene;

pub use addresses::NoAddressService;
pub use clock::ManualClock;
pub use database::TestDb;
pub use dbx::Engine;
pub use gateway::{FakeGateway, Hold, Script};
pub use scene::Scene;
