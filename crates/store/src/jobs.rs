//! Work to be done later: claimed by lease, by any process, at most one at a time.

use dbx::{Conn, Db, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{JobId, OrganizationId};

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

/// Claims the job that has waited longest. The lease is checked again where it is taken: on
/// PostgreSQL two processes may read the same row before either has written it.
pub async fn claim(db: &Db, now: Timestamp) -> Result<Option<Job>> {
    let until = now.add_seconds(LEASE_SECONDS);
    db.transact(async |tx: &mut Tx| {
        q!(
            tx,
            "UPDATE jobs SET leased_until = $2, attempts = attempts + 1
             WHERE (org_id, id) IN (SELECT org_id, id FROM jobs WHERE run_at <= $1 AND leased_until <= $1
                                    ORDER BY run_at, org_id, id LIMIT 1)
               AND leased_until <= $1
             RETURNING org_id, id, kind, object_id, attempts",
            now,
            until
        )
        .fetch_optional()
        .await
    })
    .await
}

/// Whether anything could be claimed: asked without a write, so that an idle program does not write.
pub async fn any_due(conn: &mut Conn, now: Timestamp) -> Result<bool> {
    let found: Option<JobId> = q!(
        conn,
        "SELECT id FROM jobs WHERE run_at <= $1 AND leased_until <= $1 ORDER BY run_at, org_id, id LIMIT 1",
        now
    )
    .scalar_optional()
    .await?;
    Ok(found.is_some())
}

pub async fn finish(tx: &mut Tx, org: OrganizationId, kind: &str, object_id: i64) -> Result<u64> {
    q!(tx, "DELETE FROM jobs WHERE org_id = $1 AND kind = $2 AND object_id = $3", org, kind, object_id).execute().await
}

/// Has a job that waits be done now.
pub async fn hasten(tx: &mut Tx, org: OrganizationId, kind: &str, object_id: i64, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE jobs SET run_at = $4 WHERE org_id = $1 AND kind = $2 AND object_id = $3 AND run_at > $4",
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
