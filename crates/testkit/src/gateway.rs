//! A payment processor that does as it is told, and remembers every key as a real one would.

mod gate;
mod mood;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use billing::ports::{Answering, CannotTokenize, Charge, Connect, Gateway, GiveBack, Instrument, ProcessorAccount};
use dbx::Faults;
use domain::dates::Date;
use domain::ids::OrganizationId;
use domain::money::Amount;
use domain::payments::{Answer, Known, Match, Outcome, Processor, RequestKind, Verdict};
use domain::wallet::{BankAccount, Card};
use gate::{Crowd, Gate};
use mood::Mood;

pub use gate::Hold;

/// What the processor does with the next request of a key that it does not know yet, or with the next validation. A void
/// or refund of what was not charged, or of more than that, is declined whatever it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Approve,
    Decline,
    /// The method will not work again.
    DeclineForGood,
    /// It could not decide; nothing is charged.
    Error,
    /// Charged, but the answer is lost: a time-out.
    ApproveAndTimeOut,
    /// Declined, and the answer is lost.
    DeclineAndTimeOut,
    /// The request is lost: nothing is charged, nobody knows.
    LoseRequest,
}

/// Approves, unless told otherwise.
#[derive(Debug, Default)]
pub struct FakeGateway {
    state: Mutex<State>,
    faults: Option<Arc<Faults>>,
}

#[derive(Debug, Default)]
struct State {
    scripts: VecDeque<Script>,
    look_ups_unknown: usize,
    /// What is done with a request that it was not told about follows from this.
    mood: Option<Mood>,
    held: Option<(Hold, Arc<Gate>)>,
    crowd: Crowd,
    calls: usize,
    keys: HashMap<(OrganizationId, String), Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    kind: RequestKind,
    amount: Amount,
    answer: Answer,
    /// How often money moved: more than once is the disaster that all this is to prevent.
    times: usize,
    /// The transaction that it gave back.
    gives_back: Option<String>,
}

/// Where all accounts lead to one processor.
pub struct FakeConnections(pub Arc<FakeGateway>);

impl Connect for FakeConnections {
    fn connect(&self, _: &ProcessorAccount) -> Option<Arc<dyn Gateway>> {
        Some(self.0.clone())
    }
}

impl FakeGateway {
    pub fn new() -> FakeGateway {
        FakeGateway::default()
    }

    /// Each call has a step before and one after it in the numbering of `faults`.
    pub fn with_faults(faults: Arc<Faults>) -> FakeGateway {
        FakeGateway { faults: Some(faults), ..FakeGateway::default() }
    }

    /// What is done with the next charge, and with the one after it if it was told before.
    pub fn next(&self, script: Script) {
        self.state().scripts.push_back(script);
    }

    /// From now on it does with each request what chance wants, as it follows from `seed`.
    pub fn be_moody(&self, seed: u64) {
        self.state().mood = Some(Mood::of(seed));
    }

    /// From now on it approves again, and knows what it did.
    pub fn be_good(&self) {
        self.state().mood = None;
    }

    /// Nothing more of what it was told.
    pub fn forget_scripts(&self) {
        self.state().scripts.clear();
    }

    /// Takes back what was told last; `false`: there is nothing left of it.
    pub fn forget_script(&self) -> bool {
        self.state().scripts.pop_back().is_some()
    }

    /// The next `count` times that a key is asked for, it can't say.
    pub fn look_ups_unknown(&self, count: usize) {
        self.state().look_ups_unknown = count;
    }

    /// Calls of `charge`, `void` and `refund` so far, of whatever key.
    pub fn calls(&self) -> usize {
        self.state().calls
    }

    /// What was really charged, everything added up; nothing that was given back is taken off.
    pub fn charged(&self) -> Amount {
        self.state().keys.values().filter(|entry| entry.kind == RequestKind::Sale).map(Entry::moved).sum()
    }

    /// What was really given back, everything added up.
    pub fn given_back(&self) -> Amount {
        self.state().keys.values().filter(|entry| entry.kind != RequestKind::Sale).map(Entry::moved).sum()
    }

    /// What a key really moved, each time counted: charged, or given back.
    pub fn moved_by(&self, org: OrganizationId, key: &str) -> Amount {
        self.state().keys.get(&(org, key.to_owned())).map_or(Amount::ZERO, Entry::moved)
    }

    /// What was given back of the sale with a key, by voids and refunds.
    pub fn given_back_of(&self, org: OrganizationId, key: &str) -> Amount {
        let state = self.state();
        let Some(sale) = state.keys.get(&(org, key.to_owned())) else { return Amount::ZERO };
        state.given_back(org, &sale.answer.transaction_id)
    }

    /// How often money was charged.
    pub fn charges(&self) -> usize {
        self.state().keys.values().filter(|entry| entry.kind == RequestKind::Sale).map(|entry| entry.times).sum()
    }

    /// How often money was given back.
    pub fn gifts_back(&self) -> usize {
        self.state().keys.values().filter(|entry| entry.kind != RequestKind::Sale).map(|entry| entry.times).sum()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Did this process live to do the step?
    fn lives(&self, label: &str) -> bool {
        self.faults.as_ref().is_none_or(|faults| faults.step(label).is_ok())
    }

    async fn charge(&self, charge: &Charge) -> Outcome {
        self.wait(Hold::Before).await;
        if !self.lives("gateway: before charge") {
            return Outcome::Unknown;
        }
        let outcome = self.decide(charge, None);
        self.wait(Hold::After).await;
        if self.lives("gateway: after charge") { outcome } else { Outcome::Unknown }
    }

    async fn void(&self, back: &GiveBack) -> Outcome {
        self.wait(Hold::Before).await;
        if !self.lives("gateway: before void") {
            return Outcome::Unknown;
        }
        let outcome = self.decide(&back.request, Some(&back.transaction_id));
        self.wait(Hold::After).await;
        if self.lives("gateway: after void") { outcome } else { Outcome::Unknown }
    }

    async fn refund(&self, back: &GiveBack) -> Outcome {
        self.wait(Hold::Before).await;
        if !self.lives("gateway: before refund") {
            return Outcome::Unknown;
        }
        let outcome = self.decide(&back.request, Some(&back.transaction_id));
        self.wait(Hold::After).await;
        if self.lives("gateway: after refund") { outcome } else { Outcome::Unknown }
    }

    fn decide(&self, charge: &Charge, gives_back: Option<&str>) -> Outcome {
        let mut state = self.state();
        state.calls += 1;
        let key = (charge.org, charge.key.clone());
        if let Some(entry) = state.keys.get(&key) {
            return Outcome::Answered(entry.answer.clone());
        }
        let told = state.scripts.pop_front();
        let script = told.unwrap_or_else(|| state.mood.as_mut().map_or(Script::Approve, Mood::script));
        let can_give = gives_back.is_none_or(|sale| charge.amount <= state.left_of(charge.org, sale));
        let verdict = match script {
            Script::LoseRequest => return Outcome::Unknown,
            _ if !can_give => Verdict::Declined,
            Script::Approve | Script::ApproveAndTimeOut => Verdict::Approved,
            Script::Decline | Script::DeclineForGood | Script::DeclineAndTimeOut => Verdict::Declined,
            Script::Error => Verdict::Error,
        };
        let transaction_id = format!("T-{}", state.keys.len() + 1);
        let mut answer = Answer { transaction_id, ..answer(verdict) };
        if script == Script::DeclineForGood {
            "stolen_card".clone_into(&mut answer.error_code);
        }
        let times = usize::from(verdict == Verdict::Approved);
        let gives_back = gives_back.map(str::to_owned);
        let (kind, amount) = (charge.kind, charge.amount);
        state.keys.insert(key, Entry { kind, amount, answer: answer.clone(), times, gives_back });
        match script {
            Script::ApproveAndTimeOut | Script::DeclineAndTimeOut => Outcome::Unknown,
            _ => Outcome::Answered(answer),
        }
    }

    fn look_up(&self, charge: &Charge) -> Known {
        if !self.lives("gateway: before look-up") {
            return Known::Unknown;
        }
        let known = self.known(charge);
        if self.lives("gateway: after look-up") { known } else { Known::Unknown }
    }

    fn validate(&self, card: &Card, today: Date) -> Outcome {
        if !self.lives("gateway: before validation") {
            return Outcome::Unknown;
        }
        let script = self.state().scripts.pop_front().unwrap_or(Script::Approve);
        let outcome = match script {
            _ if card.expiry.is_past(today) => Outcome::Answered(answer(Verdict::Declined)),
            Script::Approve => Outcome::Answered(answer(Verdict::Approved)),
            Script::Decline | Script::DeclineForGood => Outcome::Answered(answer(Verdict::Declined)),
            Script::Error => Outcome::Answered(answer(Verdict::Error)),
            Script::ApproveAndTimeOut | Script::DeclineAndTimeOut | Script::LoseRequest => Outcome::Unknown,
        };
        if self.lives("gateway: after validation") { outcome } else { Outcome::Unknown }
    }

    fn known(&self, charge: &Charge) -> Known {
        let mut state = self.state();
        if state.mood.as_mut().is_some_and(Mood::forgets) {
            return Known::Unknown;
        }
        if state.look_ups_unknown > 0 {
            state.look_ups_unknown -= 1;
            return Known::Unknown;
        }
        let key = (charge.org, charge.key.clone());
        match state.keys.get(&key) {
            Some(entry) if entry.answer.error_code == CLOSED => Known::Never,
            Some(entry) => Known::Answered(entry.answer.clone()),
            None => {
                // The promise of `Never`: a late request by this key is refused.
                let answer = Answer { error_code: CLOSED.to_owned(), ..answer(Verdict::Error) };
                let (kind, amount) = (charge.kind, Amount::ZERO);
                state.keys.insert(key, Entry { kind, amount, answer, times: 0, gives_back: None });
                Known::Never
            }
        }
    }
}

impl State {
    fn given_back(&self, org: OrganizationId, transaction_id: &str) -> Amount {
        let gave = |entry: &&Entry| entry.gives_back.as_deref() == Some(transaction_id);
        self.keys.iter().filter(|(key, _)| key.0 == org).map(|(_, entry)| entry).filter(gave).map(Entry::moved).sum()
    }

    /// What of a sale was not given back.
    fn left_of(&self, org: OrganizationId, transaction_id: &str) -> Amount {
        let is_sale = |entry: &&Entry| {
            entry.kind == RequestKind::Sale && entry.answer.transaction_id == transaction_id && entry.times > 0
        };
        let of_org = self.keys.iter().filter(|(key, _)| key.0 == org).map(|(_, entry)| entry);
        let charged: Amount = of_org.filter(is_sale).map(Entry::moved).sum();
        charged - self.given_back(org, transaction_id)
    }
}

impl Entry {
    fn moved(&self) -> Amount {
        (0..self.times).map(|_| self.amount).sum()
    }
}

impl Gateway for FakeGateway {
    fn processor(&self) -> Processor {
        Processor::Test
    }

    fn charge<'a>(&'a self, charge: &'a Charge, _instrument: &'a Instrument) -> Answering<'a, Outcome> {
        Box::pin(self.crowded(self.charge(charge)))
    }

    fn void<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome> {
        Box::pin(self.void(back))
    }

    fn refund<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome> {
        Box::pin(self.refund(back))
    }

    fn look_up<'a>(&'a self, charge: &'a Charge) -> Answering<'a, Known> {
        Box::pin(async move { self.look_up(charge) })
    }

    fn look_up_back<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Known> {
        Box::pin(async move { self.look_up(&back.request) })
    }

    fn tokenize<'a>(&'a self, card: &'a Card) -> Answering<'a, Result<String, CannotTokenize>> {
        Box::pin(async move { Ok(format!("token-{}", card.number.last_four())) })
    }

    fn tokenize_account<'a>(&'a self, account: &'a BankAccount) -> Answering<'a, Result<String, CannotTokenize>> {
        Box::pin(async move { Ok(format!("token-account-{}", account.number.last_digits())) })
    }

    fn validate<'a>(&'a self, _: OrganizationId, card: &'a Card, today: Date) -> Answering<'a, Outcome> {
        Box::pin(async move { self.validate(card, today) })
    }
}

const CLOSED: &str = "KEY_CLOSED";

fn answer(verdict: Verdict) -> Answer {
    let (code, message) = match verdict {
        Verdict::Approved => ("", "Approved"),
        Verdict::Declined => ("DECLINED", "Declined by the bank"),
        Verdict::Error => ("ERROR", "The processor could not decide"),
    };
    Answer {
        verdict,
        transaction_id: "T-1".to_owned(),
        approval_code: if verdict == Verdict::Approved { "A-1".to_owned() } else { String::new() },
        status_message: message.to_owned(),
        error_code: code.to_owned(),
        error_message: if verdict == Verdict::Approved { String::new() } else { message.to_owned() },
        avs: Match::Yes,
        cvv: Match::Unsupported,
        response_time_ms: 0,
    }
}
