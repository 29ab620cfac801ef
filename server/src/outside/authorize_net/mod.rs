//! Authorize.Net: its JSON API.
//!
//! It knows no idempotency keys. Our key is the invoice number of a transaction, and the same one within its duplicate
//! window is refused; what became of a lost request is found in the lists of transactions by that number. Nothing found
//! means `Never` only after a request can't be on its way any more.

mod answers;
mod requests;
mod shapes;

use billing::ports::{Answering, CannotTokenize, Charge, Gateway, GiveBack, Instrument, ProcessorAccount};
use domain::dates::Date;
use domain::ids::OrganizationId;
use domain::payments::{Answer, Known, Outcome, Processor, RequestKind, Verdict};
use domain::wallet::{BankAccount, Card};
use serde::de::DeserializeOwned;

use self::answers::{
    Batches, Details, Listed, Profile, Said, Transaction, Transactions, understand, understand_transaction,
};
use self::requests::{Question, invoice_number};
use self::shapes::Payment;
use super::https::{Answered, Https};

/// After this long a request that was lost can't come any more.
const ON_ITS_WAY_SECONDS: i64 = 1800;
/// A transaction is settled within so many days, in a batch of them.
const SETTLED_WITHIN_SECONDS: i64 = 4 * 24 * 3600;
const BATCHES_MAX: usize = 100;

pub struct AuthorizeNet {
    https: Https,
    account: ProcessorAccount,
}

impl Gateway for AuthorizeNet {
    fn processor(&self) -> Processor {
        Processor::AuthorizeNet
    }

    fn charge<'a>(&'a self, charge: &'a Charge, instrument: &'a Instrument) -> Answering<'a, Outcome> {
        Box::pin(async move {
            let question = Question::sale(&self.account, charge, instrument);
            self.transact(&question).await
        })
    }

    fn void<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome> {
        Box::pin(self.take_back(back))
    }

    fn refund<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome> {
        Box::pin(self.give_back(back))
    }

    fn look_up<'a>(&'a self, charge: &'a Charge) -> Answering<'a, Known> {
        Box::pin(self.find_out(charge))
    }

    fn look_up_back<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Known> {
        Box::pin(async move {
            match back.request.kind {
                RequestKind::Void => self.was_voided(back).await,
                RequestKind::Refund | RequestKind::Sale => self.find_out(&back.request).await,
            }
        })
    }

    fn tokenize<'a>(&'a self, card: &'a Card) -> Answering<'a, Result<String, CannotTokenize>> {
        Box::pin(self.keep(Payment::card(card), card.billing_address.as_ref(), card.holder.as_deref()))
    }

    fn tokenize_account<'a>(&'a self, account: &'a BankAccount) -> Answering<'a, Result<String, CannotTokenize>> {
        let (address, holder) = (account.billing_address.as_ref(), account.holder.as_deref());
        Box::pin(self.keep(Payment::account(account), address, holder))
    }

    fn validate<'a>(&'a self, org: OrganizationId, card: &'a Card, _: Date) -> Answering<'a, Outcome> {
        Box::pin(async move { self.transact(&Question::validation(&self.account, org, card)).await })
    }
}

impl AuthorizeNet {
    pub fn new(https: Https, account: ProcessorAccount) -> AuthorizeNet {
        AuthorizeNet { https, account }
    }

    async fn answer(&self, question: &Question) -> Option<Answered> {
        let answered = match question.request(&self.account) {
            Ok(request) => self.https.ask(&self.account.url, request).await,
            Err(error) => Err(error),
        };
        answered.inspect_err(|error| tracing::warn!(%error, "Authorize.Net gave no answer")).ok()
    }

    async fn ask<T: DeserializeOwned>(&self, question: &Question) -> Said<T> {
        self.answer(question).await.map_or(Said::Nothing, |answered| understand(&answered))
    }

    async fn transact(&self, question: &Question) -> Outcome {
        let answered = self.answer(question).await;
        match answered.map_or(Said::Nothing, |answered| understand_transaction(&answered)) {
            Said::Done(transacted, time_ms) => transacted.outcome(time_ms),
            Said::Refused(answer) => Outcome::Answered(answer),
            Said::Nothing => Outcome::Unknown,
        }
    }

    /// A refund names the card again, as far as Authorize.Net shows it.
    async fn give_back(&self, back: &GiveBack) -> Outcome {
        let sale = match self.details(&back.transaction_id).await {
            Said::Done(sale, _) => sale,
            Said::Refused(answer) => return Outcome::Answered(Answer { verdict: Verdict::Declined, ..answer }),
            Said::Nothing => return Outcome::Unknown,
        };
        let question = Question::refund(&self.account, back, Payment::masked(sale.transaction.payment));
        match self.transact(&question).await {
            Outcome::Answered(answer) if answer.verdict != Verdict::Approved => {
                // Refused, perhaps because this very refund was done before.
                match self.find(&back.request).await {
                    Some(None) => Outcome::Answered(Answer { verdict: Verdict::Declined, ..answer }),
                    Some(Some(_)) | None => Outcome::Unknown,
                }
            }
            outcome => outcome,
        }
    }

    async fn take_back(&self, back: &GiveBack) -> Outcome {
        match self.transact(&Question::void(&self.account, back)).await {
            Outcome::Answered(answer) if answer.verdict != Verdict::Approved => {
                // Refused, perhaps because it is voided already.
                match self.details(&back.transaction_id).await {
                    Said::Done(sale, _) if sale.transaction.is_voided() => Outcome::Unknown,
                    Said::Done(..) | Said::Refused(_) => {
                        Outcome::Answered(Answer { verdict: Verdict::Declined, ..answer })
                    }
                    Said::Nothing => Outcome::Unknown,
                }
            }
            outcome => outcome,
        }
    }

    async fn details(&self, transaction_id: &str) -> Said<Details> {
        self.ask(&Question::details(&self.account, transaction_id)).await
    }

    async fn find_out(&self, charge: &Charge) -> Known {
        let found = match self.find(charge).await {
            Some(Some(found)) => found,
            Some(None) => return never_after_a_while(charge),
            None => return Known::Unknown,
        };
        let Said::Done(details, _) = self.details(&found.trans_id).await else { return Known::Unknown };
        details.transaction.known(charge)
    }

    /// `None`: it can't be told. Among those that wait to be settled, then in the batches of the days after.
    async fn find(&self, charge: &Charge) -> Option<Option<Listed>> {
        let wanted = invoice_number(charge);
        let is_it = |listed: &Listed| listed.invoice_number.as_deref() == Some(wanted.as_str());
        let unsettled = self.transactions(&Question::unsettled(&self.account)).await?;
        let is_whole = unsettled.is_whole();
        if let Some(found) = unsettled.into_iter().find(is_it) {
            return Some(Some(found));
        }
        let until = charge.now.min(charge.asked_at.add_seconds(SETTLED_WITHIN_SECONDS));
        let question = Question::batches(&self.account, charge.asked_at, until);
        let Said::Done(Batches { batch_list }, _) = self.ask(&question).await else { return None };
        if batch_list.len() > BATCHES_MAX || !is_whole {
            return None;
        }
        for batch in batch_list {
            let transactions = self.transactions(&Question::batch(&self.account, &batch.batch_id)).await?;
            let is_whole = transactions.is_whole();
            if let Some(found) = transactions.into_iter().find(is_it) {
                return Some(Some(found));
            }
            if !is_whole {
                return None;
            }
        }
        Some(None)
    }

    async fn transactions(&self, question: &Question) -> Option<Transactions> {
        match self.ask::<Transactions>(question).await {
            Said::Done(transactions, _) => Some(transactions),
            Said::Refused(_) | Said::Nothing => None,
        }
    }

    /// A void has no transaction of its own: the sale tells of it.
    async fn was_voided(&self, back: &GiveBack) -> Known {
        let Said::Done(Details { transaction }, _) = self.details(&back.transaction_id).await else {
            return Known::Unknown;
        };
        match transaction.voided() {
            Some(answer) => Known::Answered(answer),
            None => never_after_a_while(&back.request),
        }
    }

    /// A customer profile of its own, for nothing else can be charged again.
    async fn keep(
        &self,
        payment: Payment,
        address: Option<&domain::contacts::AddressFields>,
        holder: Option<&str>,
    ) -> Result<String, CannotTokenize> {
        match self.ask::<Profile>(&Question::profile(&self.account, payment, (address, holder))).await {
            Said::Done(profile, _) => profile.token().ok_or(CannotTokenize::Unreachable),
            Said::Refused(answer) => Err(CannotTokenize::Refused(answer.status_message)),
            Said::Nothing => Err(CannotTokenize::Unreachable),
        }
    }
}

fn never_after_a_while(charge: &Charge) -> Known {
    let is_over = charge.now >= charge.asked_at.add_seconds(ON_ITS_WAY_SECONDS);
    if is_over { Known::Never } else { Known::Unknown }
}

impl Transaction {
    fn known(self, charge: &Charge) -> Known {
        match self.outcome(charge) {
            Outcome::Answered(answer) => Known::Answered(answer),
            Outcome::Unknown => Known::Unknown,
        }
    }
}
