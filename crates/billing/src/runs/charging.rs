//! Customers are charged, several at once: a processor takes its time. Who is served makes room for the next.
//!
//! Twice as many are in hand as the processor is asked about: what one customer owes is looked up, and what was answered
//! for another written down, while it works for the others.

use std::collections::HashSet;
use std::vec;

use domain::ids::CustomerId;
use domain::runs::{Counts, RunStep};
use futures_util::future::join_all;
use tokio::sync::Mutex;

use super::{FIRST, PAGE, Run, Work, autopay, installments};
use crate::turns::Turns;
use crate::{Billing, Error, Result};

/// Charges every customer what the step is about.
pub(super) async fn run(run: &mut Run<'_>) -> Result<()> {
    work_off(run, Queue { page: Vec::new().into_iter(), after: Some(FIRST) }).await
}

/// Charges these customers, and nobody else, what the step is about.
pub(super) async fn serve(run: &mut Run<'_>, customers: Vec<CustomerId>) -> Result<()> {
    ensure_numbers(&run.work, customers.len()).await?;
    work_off(run, Queue { page: customers.into_iter(), after: None }).await
}

async fn work_off(run: &mut Run<'_>, queue: Queue) -> Result<()> {
    let billing =
        &Billing { turns: Some(Turns::at_processor(run.work.billing.charges_at_once)), ..run.work.billing.clone() };
    let work = Work { billing, ..run.work.clone() };
    let failed = work.failed_before().await?;
    let charging = Charging { failed, queue: Mutex::new(queue), run: Mutex::new(run), work };
    let workers = (0..in_hand(billing)).map(|_| charging.work_off());
    join_all(workers).await.into_iter().collect()
}

/// Customers who are charged beside each other.
fn in_hand(billing: &Billing) -> usize {
    2 * billing.charges_at_once
}

/// What those share that work beside each other.
struct Charging<'c, 'r> {
    work: Work<'c>,
    failed: HashSet<CustomerId>,
    queue: Mutex<Queue>,
    run: Mutex<&'c mut Run<'r>>,
}

impl Charging<'_, '_> {
    /// Serves one after the other. After an error nobody begins with another: whoever is in hand is finished.
    async fn work_off(&self) -> Result<()> {
        let worked = self.serve_all().await;
        if worked.is_err() {
            self.queue.lock().await.close();
        }
        worked
    }

    async fn serve_all(&self) -> Result<()> {
        while let Some(customer) = self.next().await? {
            let counts = one(&self.work, &self.failed, customer).await?;
            self.run.lock().await.served(1, counts).await?;
        }
        Ok(())
    }

    /// Who finds a page at its end reads the next one, while others still charge those of the last.
    async fn next(&self) -> Result<Option<CustomerId>> {
        let mut queue = self.queue.lock().await;
        if let Some(next) = queue.page.next() {
            return Ok(Some(next));
        }
        let Some(after) = queue.after else { return Ok(None) };
        let page = page(&self.work, after).await?;
        queue.after = page.last().copied();
        queue.page = page.into_iter();
        Ok(queue.page.next())
    }
}

/// Who is to be charged.
struct Queue {
    page: vec::IntoIter<CustomerId>,
    /// Who comes after this one is read when the page is at its end; none: nobody.
    after: Option<CustomerId>,
}

impl Queue {
    fn close(&mut self) {
        *self = Queue { page: Vec::new().into_iter(), after: None };
    }
}

/// The next customers, with the numbers that their payments need.
async fn page(work: &Work<'_>, after: CustomerId) -> Result<Vec<CustomerId>> {
    let (billing, org, day) = (work.billing, work.org.id, work.day);
    let mut conn = billing.db.read().await?;
    let page = match work.step {
        RunStep::Installments => store::collections::with_installment(&mut conn, org, day, after, PAGE).await?,
        RunStep::Autopay => store::collections::with_due_invoice(&mut conn, org, day, after, PAGE).await?,
        RunStep::Billing | RunStep::Overdue => return Err(nothing_to_charge(work.step)),
    };
    drop(conn);
    // Those of the last page may still take theirs.
    ensure_numbers(work, if page.is_empty() { 0 } else { page.len() + in_hand(billing) }).await?;
    Ok(page)
}

async fn ensure_numbers(work: &Work<'_>, count: usize) -> Result<()> {
    let count = i64::try_from(count).map_err(|error| Error::Bug(error.into()))?;
    work.billing.payment_numbers.ensure(&work.billing.db, work.org.id, count).await?;
    Ok(())
}

fn nothing_to_charge(step: RunStep) -> Error {
    Error::bug(format!("nothing is charged by {step:?}"))
}

async fn one(work: &Work<'_>, failed: &HashSet<CustomerId>, customer: CustomerId) -> Result<Counts> {
    let charged = match work.step {
        RunStep::Installments => installments::charge(work, customer).await,
        RunStep::Autopay => autopay::charge(work, customer).await,
        RunStep::Billing | RunStep::Overdue => Err(nothing_to_charge(work.step)),
    };
    match charged {
        Ok(counts) => {
            work.forget(failed, customer).await?;
            Ok(counts)
        }
        Err(error) => work.keep(customer, error).await,
    }
}
