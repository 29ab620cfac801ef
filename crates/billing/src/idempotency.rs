//! Requests that a client may send again without doing them again (`api.md` §1.9).
//!
//! The key is taken in the first transaction of the request, and the answer is stored in the one that it answers: both
//! commit with the effect or not at all. So whoever asks again after a crash hears what would have been answered. A
//! payment is two transactions: between them the key leads to the payment, which says how it stands.

use std::any::Any;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use domain::dates::Timestamp;
use domain::ids::{OrganizationId, PaymentId, StaffId};
use domain::organizations::Organization;
use domain::payments::PaymentStatus;
use store::idempotency_keys::{self as keys, Answer, Done, Key};

use crate::{Billing, Error, Result, Unit, payments, refunds};

pub const KEY_MAX: usize = 255;
const KEPT_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Makes the answer of what a transaction came to, if it is what the answer is about.
type Render = Box<dyn Fn(&dyn Any) -> Option<StoredAnswer> + Send + Sync>;

/// A request under a key.
pub struct Request {
    pub staff: StaffId,
    pub key: String,
    /// Of method, address and body.
    pub hash: String,
    is_claimed: AtomicBool,
    is_answered: AtomicBool,
    render: OnceLock<Render>,
    under_way: OnceLock<UnderWay>,
}

/// What the key has stood for before.
#[derive(Debug, PartialEq, Eq)]
pub enum Before {
    Nothing,
    Answered(StoredAnswer),
    /// The payment was begun; what was answered, if anything was, is lost.
    Paid(PaymentId),
}

/// An answer as it went out the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAnswer {
    pub status: u16,
    pub content_type: String,
    pub body: String,
}

impl StoredAnswer {
    fn row(&self) -> Answer<'_> {
        Answer { status: i64::from(self.status), content_type: &self.content_type, body: &self.body }
    }
}

/// What of a transaction's outcome is kept with it.
pub(crate) enum Kept {
    Answer(StoredAnswer),
    Payment(PaymentId),
}

impl Request {
    pub fn new(staff: StaffId, key: String, hash: String) -> Request {
        Request {
            staff,
            key,
            hash,
            is_claimed: AtomicBool::new(false),
            is_answered: AtomicBool::new(false),
            render: OnceLock::new(),
            under_way: OnceLock::new(),
        }
    }

    fn key(&self) -> Key<'_> {
        Key { staff: self.staff, key: &self.key, request_hash: &self.hash }
    }

    /// Whether its answer was stored with its effect.
    pub fn is_answered(&self) -> bool {
        self.is_answered.load(Ordering::Acquire)
    }

    /// Whether it has an effect whose answer was not stored with it.
    pub fn is_unanswered(&self) -> bool {
        self.is_claimed.load(Ordering::Acquire) && !self.is_answered()
    }

    /// Takes the key within the first transaction; the later ones of the same request go on under it.
    pub(crate) async fn claim(&self, unit: &mut Unit) -> Result<()> {
        if self.is_claimed.load(Ordering::Acquire) {
            return Ok(());
        }
        let (org, after) = (unit.org.id, forgotten(unit.now));
        keys::sweep(&mut unit.tx, org, after).await?;
        let free = keys::claim(&mut unit.tx, org, self.key(), unit.now, after).await?;
        if free { Ok(()) } else { Err(in_progress()) }
    }

    /// To be asked with what a transaction came to, before it commits.
    pub(crate) fn kept_of(&self, outcome: &dyn Any) -> Option<Kept> {
        if let Some(answer) = self.render.get().and_then(|render| render(outcome)) {
            return Some(Kept::Answer(answer));
        }
        reserved(outcome).map(Kept::Payment)
    }

    pub(crate) async fn keep(&self, unit: &mut Unit, kept: &Kept) -> Result<()> {
        let (org, key) = (unit.org.id, self.key());
        match kept {
            Kept::Answer(answer) => keys::answer(&mut unit.tx, org, key, &answer.row()).await?,
            Kept::Payment(payment) => keys::begin_payment(&mut unit.tx, org, key, *payment).await?,
        };
        Ok(())
    }

    pub(crate) fn committed(&self, kept: Option<&Kept>) {
        self.is_claimed.store(true, Ordering::Release);
        if let Some(Kept::Answer(_)) = kept {
            self.is_answered.store(true, Ordering::Release);
        }
    }
}

/// The payment or refund that a transaction has written down, before anybody outside was asked.
fn reserved(outcome: &dyn Any) -> Option<PaymentId> {
    let payment = outcome.downcast_ref().and_then(payments::Reserved::payment);
    payment.or_else(|| outcome.downcast_ref().map(refunds::Reserved::payment))
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("staff", &self.staff).field("key", &self.key).finish_non_exhaustive()
    }
}

impl Billing {
    /// The same, its transactions under a key.
    pub fn under(self, org: OrganizationId, request: Arc<Request>) -> Billing {
        request.under_way.get_or_init(|| self.begun.begin(org, &request));
        Billing { request: Some(request), ..self }
    }

    /// The same without one, for what may be done twice and is too long for one transaction.
    pub fn without_key(self) -> Billing {
        Billing { request: None, ..self }
    }

    /// The first transaction that comes to a `T` stores the answer that `render` makes of it. Without a key there is
    /// nothing to store.
    pub fn answers_with<T: Any>(&self, render: impl Fn(&T) -> StoredAnswer + Send + Sync + 'static) {
        if let Some(request) = &self.request {
            let render: Render = Box::new(move |outcome| outcome.downcast_ref().map(&render));
            assert!(request.render.set(render).is_ok(), "a request is answered once");
        }
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
        let payment = found.payment_id;
        if let Some(answer) = answer_of(found) {
            return Ok(Before::Answered(answer));
        }
        let payment = payment.ok_or_else(in_progress)?;
        let is_under_way = self.begun.contains(org.id, request);
        let found = store::payments::find(&mut view.conn, org.id, payment).await?;
        match found.map(|payment| payment.status) {
            // Its charge is under way in this process.
            Some(PaymentStatus::Pending) if is_under_way => Err(in_progress()),
            Some(_) => Ok(Before::Paid(payment)),
            None => Err(Error::bug("a payment under a key is gone")),
        }
    }

    /// Keeps the answer of a request that stored nothing else, for whoever asks again; it takes its key only now.
    pub async fn keep_answer(&self, org: &Arc<Organization>, request: &Request, answer: &StoredAnswer) -> Result<()> {
        let now = self.now(org);
        let kept = self.db.transact(async |tx: &mut store::Tx| {
            keys::sweep(tx, org.id, forgotten(now)).await?;
            keys::claim(tx, org.id, request.key(), now, forgotten(now)).await?;
            keys::answer(tx, org.id, request.key(), &answer.row()).await
        });
        kept.await.map(drop).map_err(Error::from)
    }
}

fn answer_of(done: Done) -> Option<StoredAnswer> {
    let status = u16::try_from(done.status?).ok()?;
    let (content_type, body) = (done.content_type.unwrap_or_default(), done.body.unwrap_or_default());
    Some(StoredAnswer { status, content_type, body })
}

/// The requests under keys that this process is carrying out.
#[derive(Debug, Default)]
pub(crate) struct Begun(Mutex<BTreeSet<(i64, i64, String)>>);

impl Begun {
    fn begin(self: &Arc<Begun>, org: OrganizationId, request: &Request) -> UnderWay {
        let id = (org.0, request.staff.0, request.key.clone());
        let is_first = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
        UnderWay { begun: self.clone(), id: is_first.then_some(id) }
    }

    fn contains(&self, org: OrganizationId, request: &Request) -> bool {
        let id = (org.0, request.staff.0, request.key.clone());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }
}

/// Until it is dropped, the request is under way.
struct UnderWay {
    begun: Arc<Begun>,
    /// `None`: of two at the same time it came second, and will be told so.
    id: Option<(i64, i64, String)>,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(id) = &self.id {
            self.begun.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        }
    }
}

fn forgotten(now: Timestamp) -> Timestamp {
    now.add_seconds(-KEPT_SECONDS)
}

fn in_progress() -> Error {
    Error::Conflict(
        "A request under this Idempotency-Key is being carried out right now. Ask again in a moment.".to_owned(),
    )
}
