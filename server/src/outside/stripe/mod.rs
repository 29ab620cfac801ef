//! Stripe: payment intents over its REST API.
//!
//! A sale is one request that makes and confirms an intent under an idempotency key. When its answer is lost, the
//! intents of that time are searched for our key; when none has it, the idempotency key is used up by an intent that is
//! never confirmed, so that a sale that comes late is refused. Only then it is known that nothing will be charged.

mod answers;
mod requests;

use std::collections::HashMap;

use billing::ports::{Answering, CannotTokenize, Charge, Gateway, GiveBack, Instrument, ProcessorAccount, StandsFor};
use domain::dates::Date;
use domain::ids::OrganizationId;
use domain::payments::{Answer, Known, Outcome, Processor, RequestKind, Verdict};
use domain::wallet::{BankAccount, Card};

use self::answers::{Intent, Made, Refund, Said};
use self::requests::{Form, account_form, card_form, minor_units};
use super::https::Https;

/// Intents of one page of a list, and pages that are looked through.
const PAGE: &str = "100";
const PAGES_MAX: usize = 50;
/// A sale reaches Stripe this long after it was written down at most; clocks may differ by as much.
const ON_ITS_WAY_SECONDS: i64 = 900;

pub struct Stripe {
    https: Https,
    account: ProcessorAccount,
}

impl Gateway for Stripe {
    fn processor(&self) -> Processor {
        Processor::Stripe
    }

    fn charge<'a>(&'a self, charge: &'a Charge, instrument: &'a Instrument) -> Answering<'a, Outcome> {
        Box::pin(self.sell(charge, instrument))
    }

    fn void<'a>(&'a self, back: &'a GiveBack) -> Answering<'a, Outcome> {
        Box::pin(self.cancel(back))
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
                RequestKind::Void => self.was_cancelled(back).await,
                RequestKind::Refund | RequestKind::Sale => self.was_refunded(back).await,
            }
        })
    }

    fn tokenize<'a>(&'a self, card: &'a Card) -> Answering<'a, Result<String, CannotTokenize>> {
        Box::pin(self.keep(card_form(card)))
    }

    fn tokenize_account<'a>(&'a self, account: &'a BankAccount) -> Answering<'a, Result<String, CannotTokenize>> {
        Box::pin(self.keep(account_form(account)))
    }

    fn validate<'a>(&'a self, _: OrganizationId, card: &'a Card, _: Date) -> Answering<'a, Outcome> {
        Box::pin(self.set_up(card))
    }
}

impl Stripe {
    pub fn new(https: Https, account: ProcessorAccount) -> Stripe {
        Stripe { https, account }
    }

    async fn sell(&self, charge: &Charge, instrument: &Instrument) -> Outcome {
        let mut form = Form::new();
        let made = match instrument {
            Instrument::Card(card) => {
                let key = format!("{}-method", idempotency_key(charge));
                let method = match self.make("payment_methods", &card_form(card), Some(&key)).await {
                    Said::Done(Made { id }, _) => id,
                    // Nothing was charged with a card that Stripe did not take.
                    Said::Refused(answer) => return Outcome::Answered(answer),
                    Said::Mixed | Said::Nothing => return Outcome::Unknown,
                };
                form.add("payment_method", &method).add("payment_method_types[]", "card")
            }
            Instrument::Token { token, stands_for } => with_token(&mut form, token, *stands_for),
        };
        made.add("confirm", "true").add("off_session", "true").add("expand[]", "latest_charge");
        named(&mut form, charge);
        match self.post::<Intent>("payment_intents", &form, Some(&idempotency_key(charge))).await {
            Said::Done(intent, time_ms) => intent.outcome(charge, time_ms),
            Said::Refused(answer) => Outcome::Answered(answer),
            Said::Mixed | Said::Nothing => Outcome::Unknown,
        }
    }

    /// Stripe settles a card at once, so that this is mostly too late; a sale by direct debit may still be on its way.
    async fn cancel(&self, back: &GiveBack) -> Outcome {
        let path = format!("payment_intents/{}/cancel", requests::in_path(&back.transaction_id));
        match self.post::<Intent>(&path, &Form::new(), Some(&idempotency_key(&back.request))).await {
            Said::Done(intent, time_ms) => match intent.cancelled(time_ms) {
                Some(answer) => Outcome::Answered(answer),
                None => Outcome::Unknown,
            },
            Said::Refused(answer) => Outcome::Answered(Answer { verdict: Verdict::Declined, ..answer }),
            Said::Mixed | Said::Nothing => Outcome::Unknown,
        }
    }

    async fn give_back(&self, back: &GiveBack) -> Outcome {
        let request = &back.request;
        let mut form = Form::new();
        form.add("payment_intent", &back.transaction_id).add("amount", &minor_units(request.currency, request.amount));
        form.add("metadata[key]", &request.key).add("metadata[organization]", &request.org.to_string());
        match self.post::<Refund>("refunds", &form, Some(&idempotency_key(request))).await {
            Said::Done(refund, time_ms) => refund.outcome(request, time_ms),
            Said::Refused(answer) => Outcome::Answered(Answer { verdict: Verdict::Declined, ..answer }),
            Said::Mixed | Said::Nothing => Outcome::Unknown,
        }
    }

    async fn find_out(&self, charge: &Charge) -> Known {
        match self.find(charge).await {
            Found::Intent(intent) => self.settled(charge, *intent).await,
            Found::Nothing => self.close(charge).await,
            Found::CantTell => Known::Unknown,
        }
    }

    /// An intent that waits for somebody is ended first, so that nothing comes of it later.
    async fn settled(&self, charge: &Charge, intent: Intent) -> Known {
        if intent.waits_for_somebody() {
            let path = format!("payment_intents/{}/cancel", requests::in_path(&intent.id));
            let Said::Done(..) = self.post::<Intent>(&path, &Form::new(), None).await else { return Known::Unknown };
        }
        match intent.outcome(charge, 0) {
            Outcome::Answered(answer) => Known::Answered(answer),
            Outcome::Unknown => Known::Unknown,
        }
    }

    /// Looks through the intents of the time when the sale can have come, the newest first.
    async fn find(&self, charge: &Charge) -> Found {
        let asked_at = charge.asked_at.0.as_second();
        let [from, to] = [asked_at - ON_ITS_WAY_SECONDS, asked_at + ON_ITS_WAY_SECONDS].map(|time| time.to_string());
        let mut after: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let mut form = Form::new();
            form.add("limit", PAGE).add("created[gte]", &from).add("created[lte]", &to);
            form.add("expand[]", "data.latest_charge");
            if let Some(after) = &after {
                form.add("starting_after", after);
            }
            let Said::Done(page, _) = self.get::<answers::Page<Intent>>("payment_intents", &form).await else {
                return Found::CantTell;
            };
            after = page.data.last().map(|intent| intent.id.clone());
            if let Some(intent) = page.data.into_iter().find(|intent| is_of(&intent.metadata, charge)) {
                return Found::Intent(Box::new(intent));
            }
            if !page.has_more || after.is_none() {
                return Found::Nothing;
            }
        }
        Found::CantTell
    }

    /// Uses the idempotency key up. It was used before: then the sale came, and the next look-up finds it.
    async fn close(&self, charge: &Charge) -> Known {
        let mut form = Form::new();
        form.add("metadata[closes]", &charge.key).add("payment_method_types[]", "card");
        form.add("amount", &minor_units(charge.currency, charge.amount));
        form.add("currency", &charge.currency.code().to_ascii_lowercase());
        let closed = match self.post::<Intent>("payment_intents", &form, Some(&idempotency_key(charge))).await {
            Said::Done(intent, _) if intent.metadata.contains_key("closes") => intent,
            Said::Done(..) | Said::Refused(_) | Said::Mixed | Said::Nothing => return Known::Unknown,
        };
        // It would wait for a card for ever; whether it is cancelled makes no difference.
        let path = format!("payment_intents/{}/cancel", requests::in_path(&closed.id));
        drop(self.post::<Intent>(&path, &Form::new(), None).await);
        Known::Never
    }

    async fn was_cancelled(&self, back: &GiveBack) -> Known {
        let path = format!("payment_intents/{}", requests::in_path(&back.transaction_id));
        match self.get::<Intent>(&path, &Form::new()).await {
            Said::Done(intent, _) => intent.cancelled(0).map_or(Known::Unknown, Known::Answered),
            Said::Refused(_) | Said::Mixed | Said::Nothing => Known::Unknown,
        }
    }

    /// A refund has no intent that would use its key up: it is waited for as long as it may be on its way.
    async fn was_refunded(&self, back: &GiveBack) -> Known {
        let request = &back.request;
        let mut form = Form::new();
        form.add("payment_intent", &back.transaction_id).add("limit", PAGE);
        let Said::Done(page, _) = self.get::<answers::Page<Refund>>("refunds", &form).await else {
            return Known::Unknown;
        };
        let is_over = request.now >= request.asked_at.add_seconds(ON_ITS_WAY_SECONDS);
        let found = page.data.into_iter().find(|refund| is_of(&refund.metadata, request));
        match found.map(|refund| refund.outcome(request, 0)) {
            Some(Outcome::Answered(answer)) => Known::Answered(answer),
            None if is_over && !page.has_more => Known::Never,
            Some(Outcome::Unknown) | None => Known::Unknown,
        }
    }

    /// Has Stripe keep a method, for a customer of its own: without one it could be charged once only.
    async fn keep(&self, method: Form) -> Result<String, CannotTokenize> {
        let method = self.made("payment_methods", &method).await?;
        let mut form = Form::new();
        form.add("payment_method", &method);
        let customer = self.made("customers", &form).await?;
        Ok(format!("{customer}/{method}"))
    }

    async fn made(&self, path: &str, form: &Form) -> Result<String, CannotTokenize> {
        match self.make(path, form, None).await {
            Said::Done(Made { id }, _) => Ok(id),
            Said::Refused(answer) => Err(CannotTokenize::Refused(answer.status_message)),
            Said::Mixed | Said::Nothing => Err(CannotTokenize::Unreachable),
        }
    }

    /// A setup intent asks the bank for 0.
    async fn set_up(&self, card: &Card) -> Outcome {
        let method = match self.make("payment_methods", &card_form(card), None).await {
            Said::Done(Made { id }, _) => id,
            Said::Refused(answer) => return Outcome::Answered(answer),
            Said::Mixed | Said::Nothing => return Outcome::Unknown,
        };
        let mut form = Form::new();
        form.add("usage", "off_session").add("payment_method_types[]", "card");
        let set_up = match self.make("setup_intents", &form, None).await {
            Said::Done(Made { id }, _) => id,
            Said::Refused(_) | Said::Mixed | Said::Nothing => return Outcome::Unknown,
        };
        let mut form = Form::new();
        form.add("payment_method", &method);
        match self.post::<answers::SetUp>(&format!("setup_intents/{set_up}/confirm"), &form, None).await {
            Said::Done(set_up, time_ms) => set_up.outcome(time_ms),
            Said::Refused(answer) => Outcome::Answered(answer),
            Said::Mixed | Said::Nothing => Outcome::Unknown,
        }
    }

    async fn make(&self, path: &str, form: &Form, key: Option<&str>) -> Said<Made> {
        self.post(path, form, key).await
    }
}

enum Found {
    Intent(Box<Intent>),
    Nothing,
    CantTell,
}

/// Unique even where several organizations have one account.
fn idempotency_key(charge: &Charge) -> String {
    format!("blusynergy-{}-{}", charge.org, charge.key)
}

fn is_of(metadata: &HashMap<String, String>, charge: &Charge) -> bool {
    metadata.get("key") == Some(&charge.key) && metadata.get("organization") == Some(&charge.org.to_string())
}

/// By which a sale is found again.
fn named(form: &mut Form, charge: &Charge) {
    form.add("amount", &minor_units(charge.currency, charge.amount));
    form.add("currency", &charge.currency.code().to_ascii_lowercase());
    form.add("metadata[key]", &charge.key).add("metadata[organization]", &charge.org.to_string());
}

/// A token of ours names Stripe's customer, too; one that the merchant got elsewhere may be of a method alone.
fn with_token<'f>(form: &'f mut Form, token: &str, stands_for: StandsFor) -> &'f mut Form {
    let (customer, method) = token.split_once('/').map_or((None, token), |(customer, method)| (Some(customer), method));
    if let Some(customer) = customer {
        form.add("customer", customer);
    }
    form.add("payment_method", method);
    match stands_for {
        StandsFor::Card { .. } => form.add("payment_method_types[]", "card"),
        StandsFor::BankAccount => form
            .add("payment_method_types[]", "us_bank_account")
            .add("mandate_data[customer_acceptance][type]", "offline"),
    }
}
