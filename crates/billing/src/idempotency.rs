//! Requests that a client may send again without doing them again (`api.md` §1.9).
//!
//! The key is taken in the first transaction of the request, so that it commits with the effect or not at all. The
//! answer is kept as soon as it has been put together. A crash between the two leaves a key without an answer: then the
//! effect is there, and a repetition is told so instead of having it a second time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::dates::Timestamp;
use domain::ids::StaffId;
use domain::organizations::Organization;
use store::idempotency_keys::{self as keys, Answer, Key};

use crate::{Billing, Error, Result, Unit};

pub const KEY_MAX: usize = 255;
const KEPT_SECONDS: i64 = 30 * 24 * 60 * 60;

/// A request under a key.
#[derive(Debug)]
pub struct Request {
    pub staff: StaffId,
    pub key: String,
    /// Of method, address and body.
    pub hash: String,
    is_claimed: AtomicBool,
}

/// What the key has stood for before.
#[derive(Debug, PartialEq, Eq)]
pub enum Before {
    Nothing,
    Answered(StoredAnswer),
}

/// An answer as it went out the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    pub status: u16,
    pub content_type: String,
    pub body: String,
}

impl Request {
    pub fn new(staff: StaffId, key: String, hash: String) -> Request {
        Request { staff, key, hash, is_claimed: AtomicBool::new(false) }
    }

    fn key(&self) -> Key<'_> {
        Key { staff: self.staff, key: &self.key, request_hash: &self.hash }
    }

    /// Takes the key within the first transaction; the later ones of the same request go on under it.
    pub(crate) async fn claim(&self, unit: &mut Unit) -> Result<()> {
        if self.is_claimed.load(Ordering::Acquire) {
            return Ok(());
        }
        let free = keys::claim(&mut unit.tx, unit.org.id, self.key(), unit.now, forgotten(unit.now)).await?;
        if free { Ok(()) } else { Err(in_progress()) }
    }

    pub(crate) fn committed(&self) {
        self.is_claimed.store(true, Ordering::Release);
    }
}

impl Billing {
    /// The same, its transactions under a key.
    pub fn under(self, request: Arc<Request>) -> Billing {
        Billing { request: Some(request), ..self }
    }

    /// What was answered to this request; refused when the key stands for another one.
    pub async fn before(&self, org: &Arc<Organization>, request: &Request) -> Result<Before> {
        let after = forgotten(self.now(org));
        let mut view = self.view(org).await?;
        let found = keys::find(&mut view.conn, org.id, (request.staff, &request.key), after).await?;
        let Some(found) = found else { return Ok(Before::Nothing) };
        if found.request_hash != request.hash {
            return Err(Error::refused(
                "Idempotency-Key was used for another request; take a new key for a new request.",
            ));
        }
        let status = found.status.and_then(|status| u16::try_from(status).ok()).ok_or_else(in_progress)?;
        let (content_type, body) = (found.content_type.unwrap_or_default(), found.body.unwrap_or_default());
        Ok(Before::Answered(StoredAnswer { status, content_type, body }))
    }

    /// Keeps an answer for whoever asks again. A request that changed nothing takes its key only now.
    pub async fn keep_answer(&self, org: &Arc<Organization>, request: &Request, answer: &StoredAnswer) -> Result<()> {
        let now = self.now(org);
        let stored =
            &Answer { status: i64::from(answer.status), content_type: &answer.content_type, body: &answer.body };
        let kept = self.db.transact(async |tx: &mut store::Tx| {
            keys::sweep(tx, org.id, forgotten(now)).await?;
            keys::claim(tx, org.id, request.key(), now, forgotten(now)).await?;
            keys::answer(tx, org.id, request.key(), stored).await
        });
        kept.await.map(drop).map_err(Error::from)
    }
}

fn forgotten(now: Timestamp) -> Timestamp {
    now.add_seconds(-KEPT_SECONDS)
}

fn in_progress() -> Error {
    Error::Conflict(
        "A request under this Idempotency-Key was carried out or is being carried out right now, and its answer is not \
         known yet. Ask again in a moment; if this goes on, look the object up instead."
            .to_owned(),
    )
}
