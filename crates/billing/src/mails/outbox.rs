//! Sending what is queued: outside of transactions, each mail by one process at a time.

use domain::dates::Timestamp;
use domain::events::EventType;
use domain::ids::{InvoiceId, MailId};
use store::Tx;
use store::mails::{Attempt, Claimed};

use crate::documents::{self, Explained};
use crate::invoices::InvoiceKey;
use crate::ports::Answering;
use crate::{Billing, Error, Result, View};

/// Delay before the next attempt, doubled each time.
const RETRY_SECONDS: i64 = 30;
const RETRY_SECONDS_MAX: i64 = 3600;
/// A day and a half of them.
const ATTEMPTS_MAX: i64 = 40;
const ERROR_LENGTH_MAX: usize = 500;

/// How mails leave. A repeat of the same letter after a crash must be recognisable as one.
pub trait Mailer: Send + Sync {
    fn deliver<'a>(&'a self, letter: &'a Letter) -> Answering<'a, Result<(), NotDelivered>>;
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Stable: the same for every attempt.
    pub id: MailId,
    /// Of the organization that sends it.
    pub subdomain: String,
    pub sender_name: String,
    pub recipient: String,
    pub recipient_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub attachment: Option<Attachment>,
    pub written_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub file_name: String,
    pub pdf: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDelivered {
    /// Worth another try.
    #[error("not delivered yet: {0}")]
    Yet(String),
    /// Refused for good.
    #[error("refused: {0}")]
    Ever(String),
}

/// Sends what is due, at most `limit` mails. Tells how many it tried.
pub async fn deliver_due(billing: &Billing, mailer: &dyn Mailer, limit: usize) -> Result<usize> {
    for done in 0..limit {
        let any = store::mails::any_due(&mut billing.db.read().await?, billing.clock.now()).await?;
        let claimed = if any { store::mails::claim(&billing.db, billing.clock.now()).await? } else { None };
        let Some(claimed) = claimed else { return Ok(done) };
        deliver(billing, mailer, &claimed).await?;
    }
    Ok(limit)
}

async fn deliver(billing: &Billing, mailer: &dyn Mailer, claimed: &Claimed) -> Result<()> {
    let outcome = match letter(billing, claimed).await {
        Ok(letter) => mailer.deliver(&letter).await,
        Err(Error::NotFound(what)) => Err(NotDelivered::Ever(format!("{what} not found"))),
        Err(error) => Err(NotDelivered::Yet(error.to_string())),
    };
    let now = billing.clock.now();
    let attempt = attempt(claimed.attempts, outcome, now);
    if let Attempt::Again { error, .. } | Attempt::Failed { error } = &attempt {
        let is_over = matches!(attempt, Attempt::Failed { .. });
        tracing::error!(mail = claimed.mail.id.0, is_over, error, "a mail was not delivered");
    }
    let attempt = &attempt;
    billing
        .db
        .transact(async |tx: &mut Tx| store::mails::end(tx, claimed, attempt, now).await.map(drop))
        .await
        .map_err(Error::from)
}

fn attempt(attempts: i64, outcome: Result<(), NotDelivered>, now: Timestamp) -> Attempt {
    let short = |text: &str| text.chars().take(ERROR_LENGTH_MAX).collect::<String>();
    match outcome {
        Ok(()) => Attempt::Sent,
        Err(NotDelivered::Yet(error)) if attempts < ATTEMPTS_MAX => {
            Attempt::Again { run_at: now.add_seconds(delay_seconds(attempts)), error: short(&error) }
        }
        Err(NotDelivered::Yet(error) | NotDelivered::Ever(error)) => Attempt::Failed { error: short(&error) },
    }
}

fn delay_seconds(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    (RETRY_SECONDS << doublings).min(RETRY_SECONDS_MAX)
}

/// The mail with what is attached to it; the document is made now, off the transaction that wrote the mail.
async fn letter(billing: &Billing, claimed: &Claimed) -> Result<Letter> {
    let mut conn = billing.db.read().await?;
    let org = std::sync::Arc::new(store::organizations::get(&mut conn, claimed.org_id).await?);
    drop(conn);
    let mail = &claimed.mail;
    let attachment = match mail.event {
        EventType::NewInvoice => {
            let mut view: View = billing.view(&org).await?;
            let key = InvoiceKey { id: Some(InvoiceId(mail.object_id)), number: None };
            let written_on = mail.created_at.date_in(&org.time_zone);
            // It tells of a new invoice, which may have been paid since.
            let document = match mail.event_id {
                Some(_) => documents::new_invoice(&mut view, &key, written_on).await?,
                None => documents::invoice(&mut view, &key, written_on, Explained::Yes).await?,
            };
            drop(view);
            let file_name = format!("invoice-{}.pdf", file_part(&document.number));
            Some(Attachment { file_name, pdf: documents::render_pdf(document).await? })
        }
        _ => None,
    };
    let [text, html] = super::access::bodies(billing, mail)?;
    Ok(Letter {
        id: mail.id,
        subdomain: org.subdomain.clone(),
        sender_name: super::letters::one_line(&org.name),
        recipient: mail.recipient.clone(),
        recipient_name: mail.recipient_name.clone(),
        subject: mail.subject.clone(),
        text,
        html,
        attachment,
        written_at: mail.created_at,
    })
}

fn file_part(number: &str) -> String {
    number.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_for_more_than_a_day_and_then_given_up() {
        let now: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
        let yet = || Err(NotDelivered::Yet("busy".to_owned()));
        assert_eq!(attempt(1, Ok(()), now), Attempt::Sent);
        let again = Attempt::Again { run_at: now.add_seconds(30), error: "busy".to_owned() };
        assert_eq!(attempt(1, yet(), now), again);
        assert!(matches!(attempt(ATTEMPTS_MAX, yet(), now), Attempt::Failed { .. }));
        assert!(
            matches!(attempt(1, Err(NotDelivered::Ever("no".repeat(999))), now), Attempt::Failed { error } if error.len() == 500)
        );
        let total: i64 = (1..ATTEMPTS_MAX).map(delay_seconds).sum();
        assert!((86_400..172_800).contains(&total), "{total}");
    }

    #[test]
    fn the_name_of_a_file_holds_nothing_that_means_something() {
        assert_eq!(file_part("INV/10\"19\r\n"), "INV-10-19--");
    }
}
