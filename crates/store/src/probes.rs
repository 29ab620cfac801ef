//! Look-ups of what belongs to other organizations, counted for each API user.

use dbx::{Conn, Result, Tx, q};
use domain::dates::Timestamp;
use domain::ids::{OrganizationId, StaffId};

/// Whether the organization has any object of this id.
pub async fn is_own(conn: &mut Conn, org: OrganizationId, id: i64) -> Result<bool> {
    let found: Option<i64> = q!(
        conn,
        "SELECT id FROM customers WHERE org_id = $1 AND id = $2
         UNION ALL SELECT id FROM contacts WHERE org_id = $1 AND id = $2
         UNION ALL SELECT id FROM plans WHERE org_id = $1 AND id = $2
         UNION ALL SELECT id FROM orders WHERE org_id = $1 AND id = $2
         UNION ALL SELECT id FROM invoices WHERE org_id = $1 AND id = $2
         UNION ALL SELECT id FROM payments WHERE org_id = $1 AND id = $2
         UNION ALL SELECT id FROM payment_plans WHERE org_id = $1 AND id = $2
         UNION ALL SELECT id FROM sessions WHERE org_id = $1 AND id = $2",
        org,
        id
    )
    .scalar_optional()
    .await?;
    Ok(found.is_some())
}

/// An id that was looked for and is not the organization's own.
#[derive(Clone, Copy, Debug)]
pub struct Miss {
    pub id: i64,
    pub now: Timestamp,
    /// A count that began by then is over.
    pub over: Timestamp,
}

/// Counts the miss if the id is somebody else's. Tells whether there are more than the organization's limit now.
/// The row is written either way: how long it takes does not tell whether there is such an id.
pub async fn count(tx: &mut Tx, org: OrganizationId, staff: StaffId, miss: Miss) -> Result<bool> {
    q!(
        tx,
        "INSERT INTO probes (org_id, staff_id, since, misses)
         VALUES ($1, $2, $3, CASE WHEN EXISTS (SELECT 1 FROM customers WHERE id = $4)
             OR EXISTS (SELECT 1 FROM contacts WHERE id = $4)
             OR EXISTS (SELECT 1 FROM plans WHERE id = $4)
             OR EXISTS (SELECT 1 FROM orders WHERE id = $4)
             OR EXISTS (SELECT 1 FROM invoices WHERE id = $4)
             OR EXISTS (SELECT 1 FROM payments WHERE id = $4)
             OR EXISTS (SELECT 1 FROM payment_plans WHERE id = $4)
             OR EXISTS (SELECT 1 FROM sessions WHERE id = $4) THEN 1 ELSE 0 END)
         ON CONFLICT (org_id, staff_id) DO UPDATE SET
             misses = excluded.misses
                 + CASE WHEN probes.since <= $5 THEN 0 ELSE probes.misses END,
             since = CASE WHEN probes.since <= $5 OR probes.misses = 0 THEN excluded.since ELSE probes.since END
         RETURNING misses > (SELECT probe_limit FROM organizations WHERE id = $1)",
        org,
        staff,
        miss.now,
        miss.id,
        miss.over
    )
    .scalar()
    .await
}

/// Begins the count anew.
pub async fn forget(tx: &mut Tx, org: OrganizationId, staff: StaffId) -> Result<u64> {
    q!(tx, "DELETE FROM probes WHERE org_id = $1 AND staff_id = $2", org, staff).execute().await
}
