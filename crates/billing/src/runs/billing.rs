//! Future orders start, due orders are billed.
//!
//! Customers are billed many in a transaction. When one of them can't be billed, those of its transaction are billed one
//! by one.

use std::collections::{HashMap, HashSet};

use domain::access::Actor;
use domain::ids::{CustomerId, OrderId, PlanId, PlanVersionId};
use domain::orders::Order;
use domain::plans::Plan;
use domain::runs::Counts;
use store::plans::Charges;

use super::{FIRST, Run};
use crate::bills::{self, Account};
use crate::{Error, Result, Unit};

/// Customers in one transaction.
const BATCH: usize = 100;
/// Orders that are looked up at once.
const ORDERS: i64 = 2_000;
/// Orders that fill a page, or nearly.
const MANY: usize = 1_000;
/// Ids that an order's invoice takes, with some to spare.
const IDS_OF_ORDER: usize = 20;

/// Orders of customers, customer by customer.
type Due = [(CustomerId, OrderId)];

pub(super) async fn run(run: &mut Run<'_>) -> Result<()> {
    let failed = run.work.failed_before().await?;
    let (mut after, mut pages, mut was_full) = (FIRST, 0_u32, false);
    loop {
        let due = page(run, after).await?;
        let Some((last, _)) = due.last() else { return Ok(()) };
        // Of a large organization, when there is about twice as much as the last time, and more to come.
        if was_full && pages.is_power_of_two() {
            store::runs::learn_sizes(&run.work.billing.db).await?;
        }
        after = *last;
        bill_page(run, &due, &failed).await?;
        was_full = due.len() > MANY;
        pages += 1;
    }
}

pub(super) async fn serve(run: &mut Run<'_>, customers: &[CustomerId]) -> Result<()> {
    let failed: HashSet<CustomerId> = customers.iter().copied().collect();
    for customer in customers {
        let due = of(run, *customer).await?;
        if due.is_empty() {
            run.work.forget(&failed, *customer).await?;
        } else {
            bill_page(run, &due, &failed).await?;
        }
    }
    Ok(())
}

/// Orders with something to bill, a period or usage that came after the last one, of the next customers: of each all.
async fn page(run: &Run<'_>, after: CustomerId) -> Result<Vec<(CustomerId, OrderId)>> {
    let org = run.work.org.id;
    let mut conn = run.work.billing.db.read().await?;
    let due = store::orders::billable(&mut conn, org, run.work.day, after, ORDERS).await?;
    let late = store::activities::late(&mut conn, org, after, ORDERS).await?;
    drop(conn);
    // Where a list was cut off, its last customer may have more.
    let is_cut = |list: &Due| i64::try_from(list.len()).is_ok_and(|rows| rows == ORDERS);
    let ends = [&due, &late].into_iter().filter(|list| is_cut(list)).filter_map(|list| list.last());
    let end = ends.map(|(customer, _)| *customer).min();
    let mut all: Vec<(CustomerId, OrderId)> = due.into_iter().chain(late).collect();
    if let Some(end) = end {
        all.retain(|(customer, _)| *customer < end);
        if all.is_empty() {
            return of(run, end).await;
        }
    }
    // In the order of their customers, as these are locked.
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The same of one customer.
async fn of(run: &Run<'_>, customer: CustomerId) -> Result<Vec<(CustomerId, OrderId)>> {
    let mut conn = run.work.billing.db.read().await?;
    let orders = store::orders::billable_of(&mut conn, run.work.org.id, customer, run.work.day).await?;
    Ok(orders.into_iter().map(|order| (customer, order)).collect())
}

async fn bill_page(run: &mut Run<'_>, due: &Due, failed: &HashSet<CustomerId>) -> Result<()> {
    let customers: Vec<&Due> = due.chunk_by(|a, b| a.0 == b.0).collect();
    // Who could not be billed before is not put among the others.
    let (doubtful, others): (Vec<&Due>, Vec<&Due>) = customers.iter().partition(|it| failed.contains(&it[0].0));
    for batch in others.chunks(BATCH) {
        let counts = match bill_all(run, &batch.concat()).await {
            Ok(()) => billed(batch.len()),
            Err(error @ Error::Unavailable(_)) => return Err(error),
            Err(_) => one_by_one(run, batch, failed).await?,
        };
        run.served(batch.len(), counts).await?;
    }
    let counts = one_by_one(run, &doubtful, failed).await?;
    if doubtful.is_empty() { Ok(()) } else { run.served(doubtful.len(), counts).await }
}

fn billed(customers: usize) -> Counts {
    Counts { billed: i64::try_from(customers).unwrap_or(i64::MAX), ..Counts::default() }
}

async fn one_by_one(run: &Run<'_>, customers: &[&Due], failed: &HashSet<CustomerId>) -> Result<Counts> {
    let mut counts = Counts::default();
    for due in customers {
        counts += match bill_all(run, due).await {
            Ok(()) => {
                run.work.forget(failed, due[0].0).await?;
                billed(1)
            }
            Err(error) => run.work.keep(due[0].0, error).await?,
        };
    }
    Ok(counts)
}

async fn bill_all(run: &Run<'_>, due: &Due) -> Result<()> {
    let ids = i64::try_from(IDS_OF_ORDER * due.len()).unwrap_or(i64::MAX);
    run.work.billing.ids.ensure_for(&run.work.billing.db, ids).await?;
    run.work.billing.unit(run.work.org.id, &Actor::System, async |unit| bill(unit, due).await).await
}

async fn bill(unit: &mut Unit, due: &Due) -> Result<()> {
    let mut customers: Vec<CustomerId> = due.iter().map(|(customer, _)| *customer).collect();
    customers.dedup();
    let ids: Vec<OrderId> = due.iter().map(|(_, order)| *order).collect();
    let payers = store::financials::lock_payers(&mut unit.tx, unit.org.id, &customers).await?;
    let orders = store::orders::lock_all(&mut unit.tx, unit.org.id, &ids).await?;
    let plans = Plans::load(unit, &orders).await?;
    let mut by_customer: HashMap<CustomerId, Vec<(Order, Plan)>> = HashMap::new();
    for order in orders {
        let plan = plans.of(&order)?;
        by_customer.entry(order.customer).or_default().push((order, plan));
    }
    let mut accounts = Vec::new();
    for customer in payers {
        if let Some(orders) = by_customer.remove(&customer.id) {
            accounts.push(Account { customer, orders, credits: Vec::new() });
        }
    }
    if !accounts.is_empty() {
        bills::issue_all(unit, &accounts).await?;
    }
    Ok(())
}

/// The plans that some orders are billed by.
struct Plans {
    present: HashMap<PlanId, Plan>,
    versions: HashMap<PlanVersionId, Plan>,
}

impl Plans {
    async fn load(unit: &mut Unit, orders: &[Order]) -> Result<Plans> {
        let (present, versions) = named(orders);
        let present = store::plans::load(&mut unit.tx, unit.org.id, &present, Charges::Included).await?;
        let versions = store::plan_versions::load(&mut unit.tx, unit.org.id, &versions).await?;
        Ok(Plans { present: present.into_iter().map(|stored| (stored.plan.id, stored.plan)).collect(), versions })
    }

    fn of(&self, order: &Order) -> Result<Plan> {
        let plan = match order.plan_version {
            Some(version) => self.versions.get(&version),
            None => self.present.get(&order.plan),
        };
        plan.cloned().ok_or_else(|| Error::bug("an order without its plan"))
    }
}

/// The plans and the versions that the orders name, each once.
fn named(orders: &[Order]) -> (Vec<PlanId>, Vec<PlanVersionId>) {
    let present: HashSet<PlanId> = orders.iter().filter(|it| it.plan_version.is_none()).map(|it| it.plan).collect();
    let versions: HashSet<PlanVersionId> = orders.iter().filter_map(|it| it.plan_version).collect();
    (present.into_iter().collect(), versions.into_iter().collect())
}
