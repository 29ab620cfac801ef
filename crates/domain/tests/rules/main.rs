//! Rules of billing as properties, and the numbers that must never change.

#[cfg(test)]
mod activities;
#[cfg(test)]
mod bills;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod details;
#[cfg(test)]
mod explanations;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod invoice_changes;
#[cfg(test)]
mod invoice_making;
#[cfg(test)]
mod order_updates;
#[cfg(test)]
mod ordering;
#[cfg(test)]
mod paying;
#[cfg(test)]
mod payment_plans;
#[cfg(test)]
mod periods;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod postings;
#[cfg(test)]
mod pricing;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod statuses;
#[cfg(test)]
mod taking_back;
#[cfg(test)]
mod taxes;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod vectors;
