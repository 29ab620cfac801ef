//! Customers are charged, several at once: a processor takes its time. Who is served makes room for the next.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::ids::CustomerId;
use domain::runs::{Counts, RunStep};
use futures_util::future::join_all;
use tokio::sync::Mutex;

use super::{Run, Work, autopay, installments};
use crate::{Error, Result};

/// Charges these customers what the step is about.
pub(super) async fn serve(run: &mut Run<'_>, customers: &[CustomerId]) -> Result<()> {
    let work = run.work.clone();
    let count = i64::try_from(customers.len()).map_err(|error| Error::Bug(error.into()))?;
    work.billing.payment_numbers.ensure(&work.billing.db, work.org.id, count).await?;
    let charging = Charging {
        failed: work.failed_before().await?,
        queue: Queue { customers, next: AtomicUsize::new(0) },
        run: Mutex::new(run),
        work,
    };
    let workers = (0..charging.work.billing.charges_at_once).map(|_| charging.work_off());
    join_all(workers).await.into_iter().collect()
}

/// What those share that work beside each other.
struct Charging<'c, 'r> {
    work: Work<'r>,
    failed: HashSet<CustomerId>,
    queue: Queue<'c>,
    run: Mutex<&'c mut Run<'r>>,
}

impl Charging<'_, '_> {
    /// Serves one after the other. After an error nobody begins with another: whoever is in hand is finished.
    async fn work_off(&self) -> Result<()> {
        while let Some(customer) = self.queue.next() {
            let served = self.serve(customer).await;
            if served.is_err() {
                self.queue.close();
                return served;
            }
        }
        Ok(())
    }

    async fn serve(&self, customer: CustomerId) -> Result<()> {
        let counts = one(&self.work, &self.failed, customer).await?;
        self.run.lock().await.served(1, counts).await
    }
}

struct Queue<'c> {
    customers: &'c [CustomerId],
    next: AtomicUsize,
}

impl Queue<'_> {
    fn next(&self) -> Option<CustomerId> {
        self.customers.get(self.next.fetch_add(1, Ordering::Relaxed)).copied()
    }

    fn close(&self) {
        self.next.store(self.customers.len(), Ordering::Relaxed);
    }
}

async fn one(work: &Work<'_>, failed: &HashSet<CustomerId>, customer: CustomerId) -> Result<Counts> {
    let charged = match work.step {
        RunStep::Installments => installments::charge(work, customer).await,
        RunStep::Autopay => autopay::charge(work, customer).await,
        RunStep::Billing | RunStep::Overdue => Err(Error::bug(format!("nothing is charged by {:?}", work.step))),
    };
    match charged {
        Ok(counts) => {
            work.forget(failed, customer).await?;
            Ok(counts)
        }
        Err(error) => work.keep(customer, error).await,
    }
}
