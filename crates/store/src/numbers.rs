//! Numbers that people see: one after another per organization. Invoices' have no gap.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dbx::{Db, Engine, Result, Tx, q};
use domain::ids::OrganizationId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counter {
    Invoice,
    Order,
    Payment,
}

impl Counter {
    fn name(self) -> &'static str {
        match self {
            Counter::Invoice => "invoice",
            Counter::Order => "order",
            Counter::Payment => "payment",
        }
    }
}

/// The next number. Rolled back with its transaction, so that none is left out.
pub async fn next(tx: &mut Tx, org: OrganizationId, counter: Counter) -> Result<i64> {
    take(tx, org, counter, 1).await
}

/// The first of the next `count` numbers.
pub async fn take(tx: &mut Tx, org: OrganizationId, counter: Counter, count: i64) -> Result<i64> {
    q!(
        tx,
        "UPDATE counters SET next = next + $3 WHERE org_id = $1 AND kind = $2 RETURNING next - $3",
        org,
        counter.name(),
        count
    )
    .scalar()
    .await
}

/// Sets where a counter starts; one that exists already stays.
pub async fn start(tx: &mut Tx, org: OrganizationId, counter: Counter, first: i64) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO counters (org_id, kind, next) VALUES ($1, $2, $3) ON CONFLICT (org_id, kind) DO NOTHING",
        org,
        counter.name(),
        first
    )
    .execute()
    .await
}

/// Numbers of payments that this process has taken ahead, for a run that charges many customers at once: on PostgreSQL
/// each would otherwise wait for the commit of the one before. What a process leaves of them when it ends is a gap.
#[derive(Debug, Default)]
pub struct Ahead {
    ranges: Mutex<HashMap<OrganizationId, Vec<Range<i64>>>>,
}

impl Ahead {
    /// Before so many payments are made. On SQLite there is one writer, and nobody to wait for.
    pub async fn ensure(&self, db: &Db, org: OrganizationId, count: i64) -> Result<()> {
        let left: i64 = self.ranges().get(&org).into_iter().flatten().map(|range| range.end - range.start).sum();
        let missing = count - left;
        if missing <= 0 || db.engine() == Engine::Sqlite {
            return Ok(());
        }
        let first = db.transact(async |tx: &mut Tx| take(tx, org, Counter::Payment, missing).await).await?;
        let mut ranges = self.ranges();
        let ranges = ranges.entry(org).or_default();
        ranges.retain(|range| !range.is_empty());
        ranges.push(first..first + missing);
        Ok(())
    }

    /// The next of those taken ahead, else the organization's next.
    pub async fn next(&self, tx: &mut Tx, org: OrganizationId) -> Result<i64> {
        match self.first(org) {
            Some(number) => Ok(number),
            None => next(tx, org, Counter::Payment).await,
        }
    }

    fn first(&self, org: OrganizationId) -> Option<i64> {
        self.ranges().get_mut(&org)?.iter_mut().find_map(Iterator::next)
    }

    fn ranges(&self) -> MutexGuard<'_, HashMap<OrganizationId, Vec<Range<i64>>>> {
        self.ranges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
