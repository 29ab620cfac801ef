//! Customers are charged, several at once: a processor takes its time.

use std::collections::HashSet;

use domain::ids::CustomerId;
use domain::runs::{Counts, RunStep};
use futures_util::future::join_all;

use super::{Run, autopay, installments};
use crate::Result;

/// Customers that a processor is asked about at once.
const PARALLEL: usize = 8;

/// Charges these customers what the step is about.
pub(super) async fn serve(run: &mut Run<'_>, customers: &[CustomerId]) -> Result<()> {
    let failed = run.failed_before().await?;
    for batch in customers.chunks(PARALLEL) {
        let served = join_all(batch.iter().map(|customer| one(run, &failed, *customer))).await;
        let mut counts = Counts::default();
        for counted in served {
            counts += counted?;
        }
        run.served(batch.len(), counts).await?;
    }
    Ok(())
}

async fn one(run: &Run<'_>, failed: &HashSet<CustomerId>, customer: CustomerId) -> Result<Counts> {
    let charged = match run.step {
        RunStep::Installments => installments::charge(run, customer).await,
        RunStep::Billing | RunStep::Autopay | RunStep::Overdue => autopay::charge(run, customer).await,
    };
    match charged {
        Ok(counts) => {
            run.forget(failed, customer).await?;
            Ok(counts)
        }
        Err(error) => run.keep(customer, error).await,
    }
}
