//! Work to be done later: claimed by lease, by any process, at most one at a time.

use dbx::{Conn, Db, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{JobId, OrganizationId};

use crate::Page;

/// How long a process may take for one job before another may try.
const LEASE_SECONDS: i64 = 60;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Job {
    pub org_id: OrganizationId,
    pub id: JobId,
    pub kind: String,
    /// The id of what the job is about.
    pub object_id: i64,
    /// This one included.
    pub attempts: i64,
}

#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    pub id: JobId,
    pub kind: &'a str,
    pub object_id: i64,
    pub run_at: Timestamp,
}

/// Adding a job that is there already changes nothing.
pub async fn insert(tx: &mut Tx, org: OrganizationId, new: NewJob<'_>, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO jobs (org_id, id, kind, object_id, run_at, leased_until, attempts, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $6) ON CONFLICT (org_id, kind, object_id) DO NOTHING",
        org,
        new.id,
        new.kind,
        new.object_id,
        new.run_at,
        now
    )
    .execute()
    .await
}

/// The organization after `last` with a job to do now, so that one with many does not keep the others waiting; none
/// after it: from the first on. Asked without a write, so that an idle program does not write.
pub async fn whose_turn(conn: &mut Conn, last: OrganizationId, now: Timestamp) -> Result<Option<OrganizationId>> {
    for after in [last, OrganizationId(0)] {
        let found = q!(
            conn,
            "SELECT o.id FROM organizations o
             WHERE o.id > $1 AND EXISTS (SELECT 1 FROM jobs j WHERE j.org_id = o.id AND j.run_at <= $2
                                         AND j.leased_until <= $2 AND j.given_up_at IS NULL)
             ORDER BY o.id LIMIT 1",
            after,
            now
        )
        .scalar_optional()
        .await?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Claims the organization's job that has waited longest. The lease is checked again where it is taken: on PostgreSQL two
/// processes may read the same row before either has written it.
pub async fn claim(db: &Db, org: OrganizationId, now: Timestamp) -> Result<Option<Job>> {
    let until = now.add_seconds(LEASE_SECONDS);
    db.transact(async |tx: &mut Tx| {
        q!(
            tx,
            "UPDATE jobs SET leased_until = $3, attempts = attempts + 1
             WHERE org_id = $1 AND leased_until <= $2
               AND id = (SELECT id FROM jobs WHERE org_id = $1 AND run_at <= $2 AND leased_until <= $2
                         AND given_up_at IS NULL ORDER BY run_at, id LIMIT 1)
             RETURNING org_id, id, kind, object_id, attempts",
            org,
            now,
            until
        )
        .fetch_optional()
        .await
    })
    .await
}

/// Keeps a job that takes long. Zero rows: another process has taken it over.
pub async fn prolong(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE jobs SET leased_until = $4 WHERE org_id = $1 AND id = $2 AND attempts = $3",
        job.org_id,
        job.id,
        job.attempts,
        now.add_seconds(LEASE_SECONDS)
    )
    .execute()
    .await
}

pub async fn finish(tx: &mut Tx, org: OrganizationId, kind: &str, object_id: i64) -> Result<u64> {
    q!(tx, "DELETE FROM jobs WHERE org_id = $1 AND kind = $2 AND object_id = $3", org, kind, object_id).execute().await
}

/// Has a job that waits be done now.
pub async fn hasten(tx: &mut Tx, org: OrganizationId, kind: &str, object_id: i64, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE jobs SET run_at = $4, given_up_at = NULL
         WHERE org_id = $1 AND kind = $2 AND object_id = $3 AND (run_at > $4 OR given_up_at IS NOT NULL)",
        org,
        kind,
        object_id,
        now
    )
    .execute()
    .await
}

pub async fn retry(tx: &mut Tx, job: &Job, run_at: Timestamp, error: &str) -> Result<u64> {
    q!(
        tx,
        "UPDATE jobs SET run_at = $3, leased_until = $3, last_error = $4 WHERE org_id = $1 AND id = $2",
        job.org_id,
        job.id,
        run_at,
        error
    )
    .execute()
    .await
}

/// Not tried again by itself: it waits for somebody to look at it.
pub async fn give_up(tx: &mut Tx, job: &Job, now: Timestamp, error: &str) -> Result<u64> {
    q!(
        tx,
        "UPDATE jobs SET given_up_at = $3, leased_until = $3, last_error = $4 WHERE org_id = $1 AND id = $2",
        job.org_id,
        job.id,
        now,
        error
    )
    .execute()
    .await
}

/// Begins anew with all that were given up; how many there are.
pub async fn revive(tx: &mut Tx, org: OrganizationId, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE jobs SET given_up_at = NULL, attempts = 0, run_at = $2, leased_until = $2
         WHERE org_id = $1 AND given_up_at IS NOT NULL",
        org,
        now
    )
    .execute()
    .await
}

/// A job as it is shown to whoever keeps the program running.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Shown {
    pub id: JobId,
    pub kind: String,
    pub object_id: i64,
    pub run_at: Timestamp,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub given_up_at: Option<Timestamp>,
}

/// Jobs of an organization that were given up or have failed before, by id, and how many there are.
pub async fn troubled(conn: &mut Conn, org: OrganizationId, page: Page) -> Result<(Vec<Shown>, i64)> {
    let total =
        q!(conn, "SELECT COUNT(*) FROM jobs WHERE org_id = $1 AND last_error IS NOT NULL", org).scalar().await?;
    let jobs = q!(
        conn,
        "SELECT id, kind, object_id, run_at, attempts, last_error, given_up_at FROM jobs
         WHERE org_id = $1 AND last_error IS NOT NULL ORDER BY id LIMIT CAST($2 AS BIGINT) OFFSET CAST($3 AS BIGINT)",
        org,
        page.max,
        page.offset
    )
    .fetch_all()
    .await?;
    Ok((jobs, total))
}
