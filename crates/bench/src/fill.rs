//! A database as it is after a year of business: every customer with contact, order, ten monthly invoices, and payments
//! for those that are paid. Or a great many customers and nothing else, for lists. Written in bulk, and consistent:
//! balances are what the ledger says, and a search finds everybody.

use std::ops::Range;

use anyhow::{Context, Result};
use dbx::{Sql, Synchronous, Tx};
use domain::dates::{Date, Timestamp};
use domain::money::{Price, Quantity};
use sqlx::{Connection, Executor, PgConnection};
use store::{Config, Db, Engine};

use crate::counts;
use crate::database::Database;
use crate::search::Index;

/// What every customer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Business {
    /// An order and ten invoices.
    AYear,
    /// Nothing yet. Of fifty customers one is suspended.
    None,
}

const INVOICES_EACH: i64 = 10;
const SUSPENDED_EVERY: i64 = 50;
/// What the plan of the seed file costs a month, in minor units.
const FEE: i64 = 1_200;
/// Customers in one transaction.
const BATCH: i64 = 500;
/// Enough for everything that one customer has.
const IDS_EACH: i64 = 100;
const FIRST_NAME: &str = "Zoë";
const LAST_NAME: &str = "Example";
const STARTED_ON: &str = "2025-01-01";
const STARTED_AT: &str = "2025-01-01T09:00:00Z";

/// What is in the database now.
pub struct Filled {
    pub organization: i64,
    /// The ids of the customers.
    pub customers: Range<i64>,
    pub invoices: i64,
}

pub async fn fill(database: &Database, customers: i64, business: Business) -> Result<Filled> {
    // What is lost with the power is filled again.
    let config = Config { synchronous: Synchronous::Off, ..Config::new(&database.url) };
    let db = Db::connect(&config).await?;
    let mut catalog = Catalog::read(&db, customers, business).await?;
    let mut index = Index::default();
    for start in (0..customers).step_by(usize::try_from(BATCH)?) {
        let mut tx = db.begin().await?;
        let batch: Vec<Account> = (start..customers.min(start + BATCH)).map(|n| catalog.account(n)).collect();
        insert_customers(&mut tx, &catalog, &batch).await?;
        insert_financials(&mut tx, &catalog, &batch).await?;
        index.insert_texts(&mut tx, catalog.org, batch.iter().map(|account| (account.id, account.texts()))).await?;
        if business == Business::AYear {
            insert_orders(&mut tx, &catalog, &batch).await?;
            insert_invoices(&mut tx, &catalog, &batch).await?;
            insert_payments(&mut tx, &catalog, &batch).await?;
            insert_ledger(&mut tx, &catalog, &batch).await?;
        }
        tx.commit().await?;
    }
    index.insert_parts(&db, database, catalog.org).await?;
    counts::fill(&db).await?;
    db.optimize().await?;
    db.close().await;
    if db.engine() == Engine::Postgres {
        // What autovacuum comes to after a while.
        PgConnection::connect(&database.url).await?.execute("VACUUM ANALYZE").await?;
    }
    let ids = catalog.first_id..catalog.first_id + customers;
    Ok(Filled { organization: catalog.org, customers: ids, invoices: customers * catalog.invoices_each })
}

/// What the seed made, and the ids and days that are taken from here on.
struct Catalog {
    org: i64,
    plan: i64,
    charge: i64,
    tier: i64,
    first_id: i64,
    next_id: i64,
    now: Timestamp,
    invoices_each: i64,
    /// The first days of the months.
    months: Vec<Date>,
}

impl Catalog {
    async fn read(db: &Db, customers: i64, business: Business) -> Result<Catalog> {
        let mut tx = db.begin().await?;
        let (org, plan, charge, tier) = tx
            .query(Sql::new(
                "SELECT p.org_id, p.id, c.id, t.id FROM plans p JOIN charges c ON c.org_id = p.org_id AND c.plan_id = p.id
                 JOIN tiers t ON t.org_id = c.org_id AND t.charge_id = c.id",
            ))
            .fetch_one()
            .await
            .context("the seed's plan")?;
        let first_id = tx
            .query(Sql::new("UPDATE id_blocks SET next = next + $1 WHERE name = 'ids' RETURNING next - $1"))
            .bind(customers * (IDS_EACH + 1))
            .scalar()
            .await?;
        let counters =
            [("invoice", customers * INVOICES_EACH), ("order", customers), ("payment", customers * INVOICES_EACH)];
        for (kind, numbers) in counters {
            let advance = Sql::new("UPDATE counters SET next = next + $1 WHERE kind = $2");
            tx.query(advance).bind(numbers).bind(kind).execute().await?;
        }
        tx.commit().await?;
        let months = (0..=INVOICES_EACH).map(|month| format!("2025-{:02}-01", month + 1).parse());
        Ok(Catalog {
            org,
            plan,
            charge,
            tier,
            first_id,
            next_id: first_id + customers,
            now: STARTED_AT.parse()?,
            invoices_each: if business == Business::AYear { INVOICES_EACH } else { 0 },
            months: months.collect::<Result<_, _>>()?,
        })
    }

    fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id - 1
    }

    /// The `number`-th customer. Of three, one owes nothing, one an invoice, one two.
    fn account(&mut self, number: i64) -> Account {
        let id = self.first_id + number;
        let open_invoices = (number % 3).min(self.invoices_each);
        let bill = |month: i64, catalog: &mut Catalog| Bill {
            ids: std::array::from_fn(|_| catalog.id()),
            customer: id,
            number: 1_001 + number * INVOICES_EACH + month,
            months: [0, 1].map(|more| catalog.months[usize::try_from(month + more).expect("it is small")]),
            is_paid: month < catalog.invoices_each - open_invoices,
        };
        let (contact, address, financials) = (self.id(), self.id(), self.id());
        let (order, order_line) = (self.id(), self.id());
        let bills = (0..self.invoices_each).map(|month| bill(month, self)).collect();
        let is_suspended = self.invoices_each == 0 && number % SUSPENDED_EVERY == SUSPENDED_EVERY - 1;
        let status = if is_suspended { "Suspended1" } else { "Active" };
        Account { id, number, status, open_invoices, contact, address, financials, order, order_line, bills }
    }
}

/// A customer and all that it has.
struct Account {
    id: i64,
    /// From 0.
    number: i64,
    status: &'static str,
    open_invoices: i64,
    contact: i64,
    address: i64,
    financials: i64,
    order: i64,
    order_line: i64,
    bills: Vec<Bill>,
}

impl Account {
    fn name(&self) -> String {
        format!("Customer {:07} Ltd", self.number)
    }

    fn reference(&self) -> String {
        format!("REF{:07}", self.number)
    }

    fn username(&self) -> String {
        username(self.number)
    }

    fn email(&self) -> String {
        format!("{}@example.com", self.username())
    }

    /// What it is found by.
    fn texts(&self) -> Vec<String> {
        let names = [FIRST_NAME, LAST_NAME].map(str::to_owned);
        [self.name(), self.reference(), self.username(), self.email()].into_iter().chain(names).collect()
    }
}

/// Of the `number`-th customer's contact, and of nobody else.
pub fn username(number: i64) -> String {
    format!("user{number:07}")
}

/// An invoice, and its payment if it is paid.
struct Bill {
    /// Of invoice, line, charge, two ledger entries; payment, allocation, two ledger entries.
    ids: [i64; 9],
    customer: i64,
    number: i64,
    /// The first day, and the first one after it.
    months: [Date; 2],
    is_paid: bool,
}

impl Bill {
    fn paid_on(&self) -> Date {
        self.months[0].add_days(9)
    }
}

fn bills(batch: &[Account]) -> impl Iterator<Item = &Bill> {
    batch.iter().flat_map(|account| &account.bills)
}

async fn insert_customers(tx: &mut Tx, catalog: &Catalog, batch: &[Account]) -> Result<()> {
    let (org, now) = (catalog.org, catalog.now);
    tx.insert_all(
        "INSERT INTO customers (org_id, id, name, status, ext_customer_ref, locale, is_business_account, terms_value,
            terms_units, currency, created_at, updated_at)",
        batch,
        |account| {
            let (name, reference) = (account.name(), account.reference());
            (org, account.id, name, account.status, reference, "en_US", true, 14_i64, "Days", "USD", now, now)
        },
    )
    .execute()
    .await?;
    tx.insert_all(
        "INSERT INTO contacts (org_id, id, customer_id, kind, username, account_locked, first_name, last_name,
            email_primary, work_phone, address_id, street1, city, state, zip, country_code, country_alpha3,
            failed_logins, created_at, updated_at)",
        batch,
        |account| {
            let (username, street) = (account.username(), format!("{} Main Av", account.number));
            let (id, email) = (account.contact, account.email());
            let name = (FIRST_NAME, LAST_NAME);
            #[rustfmt::skip]
            let row = (org, id, account.id, "billing", username, false, name.0, name.1, email, "555 555 5555",
                account.address, street, "Chicago", "IL", "12345", "USA", "USA", 0_i64, now, now);
            row
        },
    )
    .execute()
    .await?;
    Ok(())
}

async fn insert_financials(tx: &mut Tx, catalog: &Catalog, batch: &[Account]) -> Result<()> {
    let org = catalog.org;
    tx.insert_all(
        "INSERT INTO customer_financials (org_id, customer_id, id, outstanding_balance, previous_balance,
            current_balance, last_payment_amount, last_payment_on, last_invoice_amount, last_invoiced_on,
            lifetime_payments, lifetime_value)",
        batch,
        |account| {
            let owed = account.open_invoices * FEE;
            let paid_on = account.bills.iter().rfind(|bill| bill.is_paid).map(Bill::paid_on);
            let invoiced_on = account.bills.last().map(|bill| bill.months[0]);
            let lifetime = catalog.invoices_each * FEE;
            let last = FEE.min(lifetime);
            let (id, payments) = (account.financials, lifetime - owed);
            (org, account.id, id, owed, owed, last, last, paid_on, last, invoiced_on, payments, lifetime)
        },
    )
    .execute()
    .await?;
    Ok(())
}

async fn insert_orders(tx: &mut Tx, catalog: &Catalog, batch: &[Account]) -> Result<()> {
    let (org, now, plan) = (catalog.org, catalog.now, catalog.plan);
    let start: Date = STARTED_ON.parse()?;
    let lifetime = INVOICES_EACH * FEE;
    tx.insert_all(
        "INSERT INTO orders (org_id, id, customer_id, plan_id, number, status, start_on, currency, is_auto_pay,
            lifetime_value, created_at, updated_at)",
        batch,
        |account| {
            let number = (1 + account.number).to_string();
            (org, account.order, account.id, plan, number, "Active", start, "USD", false, lifetime, now, now)
        },
    )
    .execute()
    .await?;
    let one: Quantity = "1".parse()?;
    tx.insert_all(
        "INSERT INTO order_lines (org_id, id, order_id, position, charge_id, quantity, lifetime_value)",
        batch,
        |account| (org, account.order_line, account.order, 1_i64, catalog.charge, one, lifetime),
    )
    .execute()
    .await?;
    Ok(())
}

async fn insert_invoices(tx: &mut Tx, catalog: &Catalog, batch: &[Account]) -> Result<()> {
    let (org, now) = (catalog.org, catalog.now);
    let price: Price = "12.00".parse()?;
    let one: Quantity = "1".parse()?;
    tx.insert_all(
        "INSERT INTO invoices (org_id, id, customer_id, number, status, currency, billing_period, invoiced_on, due_on,
            period_start, period_end, total, previous_balance, applied, reserved, created_at, updated_at)",
        bills(batch),
        |bill| {
            let ([start, end], due) = (bill.months, bill.months[0].add_days(14));
            let (status, applied) = if bill.is_paid { ("Paid", FEE) } else { ("Outstanding", 0) };
            let (id, number) = (bill.ids[0], bill.number.to_string());
            #[rustfmt::skip]
            let row = (org, id, bill.customer, number, status, "USD", "Monthly", start, due, start, end, FEE, 0_i64,
                applied, 0_i64, now, now);
            row
        },
    )
    .execute()
    .await?;
    tx.insert_all(
        "INSERT INTO invoice_lines (org_id, id, invoice_id, position, order_id, text, period_start, period_end)",
        batch.iter().flat_map(|account| account.bills.iter().map(|bill| (account.order, bill))),
        |(order, bill)| {
            (org, bill.ids[1], bill.ids[0], 1_i64, order, "Starter hosting", bill.months[0], bill.months[1])
        },
    )
    .execute()
    .await?;
    tx.insert_all(
        "INSERT INTO invoice_charges (org_id, id, invoice_id, line_id, position, charge_id, order_line_id, tier_id,
            text, period_start, period_end, quantity, unit_price, amount, explanation, is_live)",
        batch.iter().flat_map(|account| account.bills.iter().map(|bill| (account.order_line, bill))),
        |(order_line, bill)| {
            let ([invoice, line, id, ..], [start, end]) = (bill.ids, bill.months);
            let (charge, tier, text) = (catalog.charge, catalog.tier, "Monthly fee");
            #[rustfmt::skip]
            let row = (org, id, invoice, line, 1_i64, charge, order_line, tier, text, start, end, one, price, FEE,
                "1 × 12.00", true);
            row
        },
    )
    .execute()
    .await?;
    Ok(())
}

async fn insert_payments(tx: &mut Tx, catalog: &Catalog, batch: &[Account]) -> Result<()> {
    let (org, now) = (catalog.org, catalog.now);
    tx.insert_all(
        "INSERT INTO payments (org_id, id, customer_id, number, status, payment_type, method_type, method_context,
            currency, amount, balance, effective_on, is_system_payment, is_processed_by_billing_run, created_at,
            updated_at)",
        bills(batch).filter(|bill| bill.is_paid),
        |bill| {
            let (id, number, on) = (bill.ids[5], format!("P{}", bill.number), bill.paid_on());
            #[rustfmt::skip]
            let row = (org, id, bill.customer, number, "Paid", "Payment", "Check", "Check", "USD", FEE, 0_i64, on,
                false, false, now, now);
            row
        },
    )
    .execute()
    .await?;
    tx.insert_all(
        "INSERT INTO allocations (org_id, id, payment_id, invoice_id, customer_id, state, amount, balance, created_at)",
        bills(batch).filter(|bill| bill.is_paid),
        |bill| (org, bill.ids[6], bill.ids[5], bill.ids[0], bill.customer, "applied", FEE, 0_i64, now),
    )
    .execute()
    .await?;
    Ok(())
}

async fn insert_ledger(tx: &mut Tx, catalog: &Catalog, batch: &[Account]) -> Result<()> {
    let (org, now) = (catalog.org, catalog.now);
    let entries = bills(batch).flat_map(|bill| {
        let invoiced = [(3, "Receivable", FEE), (4, "Revenue", -FEE)];
        let paid = [(7, "Cash", FEE), (8, "Receivable", -FEE)];
        let entry = move |is_payment: bool| {
            move |(id, account, amount): (usize, &'static str, i64)| (bill, is_payment, bill.ids[id], account, amount)
        };
        invoiced.into_iter().map(entry(false)).chain(paid.into_iter().filter(|_| bill.is_paid).map(entry(true)))
    });
    tx.insert_all(
        "INSERT INTO ledger_entries (org_id, id, customer_id, invoice_id, payment_id, account, amount, booked_on,
            created_at)",
        entries,
        |(bill, is_payment, id, account, amount)| {
            let invoice = (!is_payment).then_some(bill.ids[0]);
            let payment = is_payment.then_some(bill.ids[5]);
            let on = if is_payment { bill.paid_on() } else { bill.months[0] };
            (org, id, bill.customer, invoice, payment, account, amount, on, now)
        },
    )
    .execute()
    .await?;
    Ok(())
}
