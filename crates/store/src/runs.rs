//! The daily runs of an organization, one row a day.

use dbx::{Conn, Db, Engine, Result, Sql, Tx, q};
use domain::dates::{Date, Timestamp};
use domain::ids::OrganizationId;
use domain::runs::{Counts, Run, RunState, RunStep};

use crate::Page;

/// Has PostgreSQL look at the tables that billing fills. Until its own workers come to them, which is once a minute, it
/// searches them in the way that was good enough when they were empty. SQLite goes by its indices anyhow.
pub async fn learn_sizes(db: &Db) -> Result<()> {
    if db.engine() == Engine::Postgres {
        const TABLES: Sql = Sql::new("ANALYZE invoices, invoice_lines, invoice_charges, ledger_entries, events, mails");
        db.read().await?.query(TABLES).execute().await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    run_on: Date,
    state: RunState,
    step: RunStep,
    done: i64,
    billed: i64,
    installments: i64,
    charged: i64,
    declined: i64,
    transitions: i64,
    failed: i64,
    started_at: Timestamp,
    updated_at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl From<Row> for Run {
    fn from(row: Row) -> Run {
        Run {
            run_on: row.run_on,
            state: row.state,
            step: row.step,
            done: row.done,
            counts: Counts {
                billed: row.billed,
                installments: row.installments,
                charged: row.charged,
                declined: row.declined,
                transitions: row.transitions,
                failed: row.failed,
            },
            started_at: row.started_at,
            updated_at: row.updated_at,
            ended_at: row.ended_at,
        }
    }
}

/// A day is begun, or begun again.
pub async fn begin(tx: &mut Tx, org: OrganizationId, day: Date, step: RunStep, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO runs (org_id, run_on, state, step, done, billed, installments, charged, declined, transitions,
            failed, started_at, updated_at)
         VALUES ($1, $2, 'Running', $3, 0, 0, 0, 0, 0, 0, 0, $4, $4)
         ON CONFLICT (org_id, run_on) DO UPDATE SET state = 'Running', step = excluded.step, done = 0,
            updated_at = excluded.updated_at, ended_at = NULL",
        org,
        day,
        step,
        now
    )
    .execute()
    .await
}

/// How far a day's work is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub state: RunState,
    pub step: RunStep,
    /// Customers served in this step.
    pub done: i64,
    /// What has come of it since the last time this was written.
    pub counts: Counts,
}

pub async fn save(tx: &mut Tx, org: OrganizationId, day: Date, progress: Progress, now: Timestamp) -> Result<u64> {
    let Progress { state, step, done, counts } = progress;
    q!(
        tx,
        "UPDATE runs SET state = $3, step = $4, done = $5, billed = billed + $6, installments = installments + $7,
            charged = charged + $8, declined = declined + $9, transitions = transitions + $10, failed = failed + $11,
            updated_at = $12, ended_at = $13
         WHERE org_id = $1 AND run_on = $2",
        org,
        day,
        state,
        step,
        done,
        counts.billed,
        counts.installments,
        counts.charged,
        counts.declined,
        counts.transitions,
        counts.failed,
        now,
        (state == RunState::Done).then_some(now)
    )
    .execute()
    .await
}

/// The last days first, and how many there are.
pub async fn list(conn: &mut Conn, org: OrganizationId, page: Page) -> Result<(Vec<Run>, i64)> {
    let total = q!(conn, "SELECT COUNT(*) FROM runs WHERE org_id = $1", org).scalar().await?;
    let rows: Vec<Row> = q!(
        conn,
        "SELECT run_on, state, step, done, billed, installments, charged, declined, transitions, failed, started_at,
                updated_at, ended_at
         FROM runs WHERE org_id = $1 ORDER BY run_on DESC LIMIT CAST($2 AS BIGINT) OFFSET CAST($3 AS BIGINT)",
        org,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    Ok((rows.into_iter().map(Run::from).collect(), total))
}

/// Stops the runs of an organization, or lets them go on.
pub async fn set_paused(tx: &mut Tx, org: OrganizationId, since: Option<Timestamp>) -> Result<u64> {
    q!(tx, "UPDATE organizations SET run_paused_at = $2 WHERE id = $1", org, since).execute().await
}

pub async fn is_paused(conn: &mut Conn, org: OrganizationId) -> Result<bool> {
    let since: Option<Timestamp> =
        q!(conn, "SELECT run_paused_at FROM organizations WHERE id = $1", org).scalar().await?;
    Ok(since.is_some())
}

/// A live organization, where its day is decided, and the last day whose work is done.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Live {
    pub id: OrganizationId,
    pub time_zone: String,
    pub run_on: Date,
}

/// All that follow the wall clock.
pub async fn live(conn: &mut Conn) -> Result<Vec<Live>> {
    q!(conn, "SELECT id, time_zone, run_on FROM organizations WHERE mode = 'live' ORDER BY id").fetch_all().await
}
