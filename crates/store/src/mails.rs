//! The outbox of mails: stored with what they are about, claimed by lease, ended once.

use dbx::{Conn, Db, Result, Tx, q};
use domain::dates::Timestamp;
use domain::events::EventType;
use domain::ids::{CustomerId, EventId, MailId, OrganizationId};

/// Longer than a mail server may take to answer: nobody else sends the same mail meanwhile.
const LEASE_SECONDS: i64 = 300;

/// A mail, rendered.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Mail {
    pub id: MailId,
    pub customer_id: CustomerId,
    pub event: EventType,
    pub object_id: i64,
    /// What it tells of by itself; `None`: a program asked for it.
    pub event_id: Option<EventId>,
    pub recipient: String,
    pub recipient_name: String,
    pub subject: String,
    pub body_text: String,
    pub body_html: String,
    /// Both bodies hold a secret and are encrypted; they are forgotten when the mail has ended.
    pub is_sealed: bool,
    /// Of the organization's clock.
    pub created_at: Timestamp,
}

/// A mail that this process alone sends for now.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Claimed {
    pub org_id: OrganizationId,
    /// This one included.
    pub attempts: i64,
    #[sqlx(flatten)]
    pub mail: Mail,
}

/// To be sent from `run_at` on.
pub async fn insert(tx: &mut Tx, org: OrganizationId, new: &Mail, run_at: Timestamp) -> Result<u64> {
    insert_many(tx, org, std::slice::from_ref(new), run_at).await
}

/// The same, of many.
pub async fn insert_many(tx: &mut Tx, org: OrganizationId, new: &[Mail], run_at: Timestamp) -> Result<u64> {
    tx.insert_all(
        "INSERT INTO mails (org_id, id, customer_id, event, object_id, event_id, recipient, recipient_name, subject,
            body_text, body_html, is_sealed, status, run_at, leased_until, attempts, created_at)",
        new,
        |mail| {
            (
                org,
                mail.id,
                mail.customer_id,
                mail.event,
                mail.object_id,
                mail.event_id,
                mail.recipient.as_str(),
                mail.recipient_name.as_str(),
                mail.subject.as_str(),
                mail.body_text.as_str(),
                mail.body_html.as_str(),
                mail.is_sealed,
                "queued",
                run_at,
                run_at,
                0i64,
                mail.created_at,
            )
        },
    )
    .execute()
    .await
}

/// Whether anything could be claimed: asked without a write, so that an idle program does not write.
pub async fn any_due(conn: &mut Conn, now: Timestamp) -> Result<bool> {
    let found: Option<MailId> = q!(
        conn,
        "SELECT id FROM mails WHERE status = 'queued' AND run_at <= $1 AND leased_until <= $1
         ORDER BY run_at, org_id, id LIMIT 1",
        now
    )
    .scalar_optional()
    .await?;
    Ok(found.is_some())
}

/// Claims the mail that has waited longest; the lease is checked again where it is taken.
pub async fn claim(db: &Db, now: Timestamp) -> Result<Option<Claimed>> {
    let until = now.add_seconds(LEASE_SECONDS);
    db.transact(async |tx: &mut Tx| {
        q!(
            tx,
            "UPDATE mails SET leased_until = $2, attempts = attempts + 1
             WHERE (org_id, id) IN (SELECT org_id, id FROM mails
                                    WHERE status = 'queued' AND run_at <= $1 AND leased_until <= $1
                                    ORDER BY run_at, org_id, id LIMIT 1)
               AND status = 'queued' AND leased_until <= $1
             RETURNING org_id, attempts, id, customer_id, event, object_id, event_id, recipient, recipient_name,
                       subject, body_text, body_html, is_sealed, created_at",
            now,
            until
        )
        .fetch_optional()
        .await
    })
    .await
}

/// What became of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    Sent,
    Again { run_at: Timestamp, error: String },
    Failed { error: String },
}

/// Writes down what became of a claim; one that was lost to another process changes nothing.
pub async fn end(tx: &mut Tx, claimed: &Claimed, attempt: &Attempt, now: Timestamp) -> Result<u64> {
    let (status, run_at, ended_at, error) = match attempt {
        Attempt::Sent => ("sent", now, Some(now), None),
        Attempt::Again { run_at, error } => ("queued", *run_at, None, Some(error.clone())),
        Attempt::Failed { error } => ("failed", now, Some(now), Some(error.clone())),
    };
    q!(
        tx,
        "UPDATE mails SET status = $4, run_at = $5, leased_until = $5, ended_at = $6, last_error = $7,
            body_text = CASE WHEN is_sealed AND $4 <> 'queued' THEN '' ELSE body_text END,
            body_html = CASE WHEN is_sealed AND $4 <> 'queued' THEN '' ELSE body_html END
         WHERE org_id = $1 AND id = $2 AND attempts = $3 AND status = 'queued'",
        claimed.org_id,
        claimed.mail.id,
        claimed.attempts,
        status,
        run_at,
        ended_at,
        &error
    )
    .execute()
    .await
}

/// A customer has asked for it, at that time of the wall clock.
pub async fn set_asked_for(tx: &mut Tx, org: OrganizationId, mail: MailId, wall: Timestamp) -> Result<u64> {
    q!(tx, "UPDATE mails SET asked_at = $3 WHERE org_id = $1 AND id = $2", org, mail, wall).execute().await
}

/// How many a customer has asked for.
pub async fn asked_for_since(
    conn: &mut Conn,
    org: OrganizationId,
    customer: CustomerId,
    since: Timestamp,
) -> Result<i64> {
    q!(
        conn,
        "SELECT COUNT(*) FROM mails WHERE org_id = $1 AND customer_id = $2 AND asked_at > $3",
        org,
        customer,
        since
    )
    .scalar()
    .await
}
