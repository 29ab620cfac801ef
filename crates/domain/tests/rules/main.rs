//! Rules of billing as properties, and the numbers that must never change.

mod golden;
mod ordering;
mod paying;
mod periods;
mod pricing;
mod samples;
