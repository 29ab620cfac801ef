//! What the store promises, on both engines: what goes in comes out, nothing of another organization is seen, and what
//! must happen once happens once.

#[cfg(test)]
mod activity_lists;
#[cfg(test)]
mod counting;
#[cfg(test)]
mod embedding;
mod invoice_lists;
#[cfg(test)]
mod isolation;
mod lists;
mod old_rows;
#[cfg(test)]
mod order_lists;
#[cfg(test)]
mod payment_lists;
#[cfg(test)]
mod payment_methods;
mod payment_plans;
#[cfg(test)]
mod profiles;
mod round_trips;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod searches;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod working;

#[cfg(test)]
use store::MIGRATIONS;
