//! The work of a day: future orders start, due orders are billed (`operations.md` §4).
//!
//! Customers are billed many in a transaction. When one of them can't be billed, those of its transaction are billed one
//! by one, the reason is kept, and the day goes on. Running again does what is left, and nothing twice.

use std::collections::{HashMap, HashSet};

use domain::access::Actor;
use domain::dates::Date;
use domain::ids::{CustomerId, OrderId, OrganizationId, PlanId, PlanVersionId};
use domain::orders::Order;
use domain::plans::Plan;
use store::Tx;
use store::plans::Charges;
use store::run_failures::Failure;

use crate::bills::{self, Account};
use crate::{Billing, Error, Result, Unit};

/// Customers in one transaction.
const BATCH: usize = 100;
/// Ids that a customer's invoice takes, with some to spare.
const IDS_OF_CUSTOMER: i64 = 20;

type Due = [(CustomerId, OrderId)];

/// Does the work of `day` for every customer of an organization whose clock stands there; how many there were.
pub async fn day(billing: &Billing, org: OrganizationId, day: Date) -> Result<usize> {
    let due = due(billing, org, day).await?;
    let customers: Vec<&Due> = due.chunk_by(|a, b| a.0 == b.0).collect();
    let mut run = Run { billing, org, day, failed: failed(billing, org).await? };
    // Who could not be billed before is not put among the others.
    let (doubtful, others): (Vec<&Due>, Vec<&Due>) = customers.iter().partition(|it| run.failed.contains(&it[0].0));
    for batch in others.chunks(BATCH) {
        run.batch(batch).await?;
    }
    run.one_by_one(&doubtful).await?;
    done(billing, org, day).await?;
    Ok(customers.len())
}

/// Orders with something to bill, customer by customer: a period, or usage that came after the last one.
async fn due(billing: &Billing, org: OrganizationId, day: Date) -> Result<Vec<(CustomerId, OrderId)>> {
    let mut conn = billing.db.read().await?;
    let mut due = store::orders::billable(&mut conn, org, day).await?;
    due.extend(store::activities::late(&mut conn, org).await?);
    // In the order of their customers, as these are locked.
    due.sort_unstable();
    due.dedup();
    Ok(due)
}

async fn failed(billing: &Billing, org: OrganizationId) -> Result<HashSet<CustomerId>> {
    let failures = store::run_failures::list(&mut billing.db.read().await?, org).await?;
    Ok(failures.into_iter().map(|failure| failure.customer).collect())
}

/// Writes down that the work of `day`, and of every day before it, is done.
pub(crate) async fn done(billing: &Billing, org: OrganizationId, day: Date) -> Result<()> {
    billing
        .unit(org, &Actor::System, async |unit| {
            store::organizations::set_run_on(&mut unit.tx, unit.org.id, day).await?;
            Ok(())
        })
        .await
}

struct Run<'r> {
    billing: &'r Billing,
    org: OrganizationId,
    day: Date,
    /// Who could not be billed before.
    failed: HashSet<CustomerId>,
}

impl Run<'_> {
    async fn batch(&mut self, customers: &[&Due]) -> Result<()> {
        let ids = IDS_OF_CUSTOMER * i64::try_from(customers.len()).unwrap_or(i64::MAX);
        self.billing.ids.ensure_for(&self.billing.db, ids).await?;
        match self.bill(&customers.concat()).await {
            Ok(()) => self.forget(customers).await,
            Err(error) if is_of_the_database(&error) => Err(error),
            Err(_) => self.one_by_one(customers).await,
        }
    }

    async fn one_by_one(&mut self, customers: &[&Due]) -> Result<()> {
        for customer in customers {
            match self.bill(customer).await {
                Ok(()) => self.forget(&[customer]).await?,
                Err(error) if is_of_the_database(&error) => return Err(error),
                Err(error) => self.keep(customer[0].0, &error).await?,
            }
        }
        Ok(())
    }

    async fn bill(&self, due: &Due) -> Result<()> {
        self.billing.unit(self.org, &Actor::System, async |unit| bill(unit, due).await).await
    }

    async fn keep(&mut self, customer: CustomerId, error: &Error) -> Result<()> {
        tracing::error!(org = self.org.0, customer = customer.0, %error, "a customer can't be billed");
        let failure = Failure { customer, run_on: self.day, reason: error.to_string() };
        let (failure, org, now) = (&failure, self.org, self.billing.clock.now());
        let saved = async |tx: &mut Tx| store::run_failures::save(tx, org, failure, now).await;
        self.billing.db.transact(saved).await?;
        Ok(())
    }

    /// What hindered these customers does so no more.
    async fn forget(&mut self, customers: &[&Due]) -> Result<()> {
        for customer in customers {
            let (org, customer) = (self.org, customer[0].0);
            if self.failed.remove(&customer) {
                let deleted = async |tx: &mut Tx| store::run_failures::delete(tx, org, customer).await;
                self.billing.db.transact(deleted).await?;
            }
        }
        Ok(())
    }
}

/// Not of one customer: then the next would fail as well.
fn is_of_the_database(error: &Error) -> bool {
    matches!(error, Error::Unavailable(_))
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
    bills::issue_all(unit, &accounts).await?;
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
