//! Staff members and their credentials.

use dbx::{Conn, Result, Tx, q};
use domain::access::Role;
use domain::dates::Timestamp;
use domain::ids::{OrganizationId, StaffId};

/// What is needed to let somebody in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    pub id: StaffId,
    pub password_hash: String,
    pub role: Role,
    pub email: Option<String>,
    pub failed_logins: i64,
    pub locked_until: Option<Timestamp>,
    /// Locked for probing other organizations.
    pub suspended_at: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct NewStaff {
    pub id: StaffId,
    pub username: String,
    pub password_hash: String,
    pub role: Role,
    pub email: Option<String>,
}

pub async fn find(conn: &mut Conn, org: OrganizationId, username: &str) -> Result<Option<Credentials>> {
    q!(
        conn,
        "SELECT id, password_hash, role, email, failed_logins, locked_until, suspended_at
         FROM staff WHERE org_id = $1 AND username = $2",
        org,
        username
    )
    .fetch_optional()
    .await
}

pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &NewStaff, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "INSERT INTO staff (org_id, id, username, password_hash, role, email, failed_logins, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $7)",
        org,
        new.id,
        &new.username,
        &new.password_hash,
        new.role,
        &new.email,
        now
    )
    .execute()
    .await
}

/// A changed password, role or address; lifts a lock for wrong passwords. `new.id` names the row.
pub async fn save(tx: &mut Tx, org: OrganizationId, new: &NewStaff, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE staff SET password_hash = $3, role = $4, email = $5, failed_logins = 0, locked_until = NULL,
            updated_at = $6
         WHERE org_id = $1 AND id = $2",
        org,
        new.id,
        &new.password_hash,
        new.role,
        &new.email,
        now
    )
    .execute()
    .await
}

/// Locks until [`lift_suspension`]. Zero rows where it is so already.
pub async fn suspend(tx: &mut Tx, org: OrganizationId, id: StaffId, now: Timestamp) -> Result<u64> {
    q!(
        tx,
        "UPDATE staff SET suspended_at = $3, updated_at = $3 WHERE org_id = $1 AND id = $2 AND suspended_at IS NULL",
        org,
        id,
        now
    )
    .execute()
    .await
}

pub async fn lift_suspension(tx: &mut Tx, org: OrganizationId, id: StaffId) -> Result<u64> {
    q!(tx, "UPDATE staff SET suspended_at = NULL WHERE org_id = $1 AND id = $2", org, id).execute().await
}

/// How somebody's attempts to log in stand.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub struct Attempts {
    pub failed: i64,
    pub locked_until: Option<Timestamp>,
}

/// Read for change: guesses made at the same time are counted one after another.
pub async fn lock_attempts(tx: &mut Tx, org: OrganizationId, id: StaffId) -> Result<Attempts> {
    q!(
        tx,
        "UPDATE staff SET failed_logins = failed_logins WHERE org_id = $1 AND id = $2
         RETURNING failed_logins AS failed, locked_until",
        org,
        id
    )
    .fetch_one()
    .await
}

/// No change of the member by itself: somebody's guesses must not make all others prove themselves again.
pub async fn record_attempts(tx: &mut Tx, org: OrganizationId, id: StaffId, attempts: Attempts) -> Result<u64> {
    q!(
        tx,
        "UPDATE staff SET failed_logins = $3, locked_until = $4 WHERE org_id = $1 AND id = $2",
        org,
        id,
        attempts.failed,
        attempts.locked_until
    )
    .execute()
    .await
}

/// Has cached credentials dropped everywhere: what they allow has changed.
pub async fn touch(tx: &mut Tx, org: OrganizationId, id: StaffId, now: Timestamp) -> Result<u64> {
    q!(tx, "UPDATE staff SET updated_at = $3 WHERE org_id = $1 AND id = $2", org, id, now).execute().await
}

/// The newest change of any member: what was verified before it has to be verified again.
pub async fn changed_at(conn: &mut Conn, org: OrganizationId) -> Result<Option<Timestamp>> {
    q!(conn, "SELECT MAX(updated_at) FROM staff WHERE org_id = $1", org).scalar().await
}
