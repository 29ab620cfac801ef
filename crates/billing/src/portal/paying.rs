//! Paying in the portal (`api.md` §8.3): what is chosen, with what, and the confirmation, which alone charges. What the
//! merchant's profile does not allow is refused at each step, whatever the pages show.

use domain::checkout::{self, NotPayable};
use domain::ids::PaymentMethodId;
use domain::invoices::{Invoice, OpenInvoice};
use domain::money::{Amount, Currency};
use domain::organizations::{CardSaving, PortalMethod};
use domain::payment_methods::{PREFERENCES, Secret};
use domain::payments::{FullPayment, MethodType};
use domain::typed_amounts::{self, DecimalMark, NotTyped};
use domain::wallet::{Expiry, GatewayToken};

use super::Me;
use crate::invoices::InvoiceKey;
use crate::payments::{self, Method, PayRequest};
use crate::secrets::{random_token, token_hash};
use crate::sessions::{CHECKOUT_PLACE, Checkout, CheckoutMethod};
use crate::{Error, Result, payment_methods};

/// What a customer would like to pay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Numbers of invoices.
    pub invoices: Vec<String>,
    /// An amount of the customer's own, as it was typed.
    pub amount: Option<String>,
    /// How the customer writes amounts.
    pub mark: DecimalMark,
}

/// What that comes to now.
#[derive(Clone, Debug)]
pub struct Paying {
    /// The chosen ones, oldest due date first.
    pub invoices: Vec<Invoice>,
    pub currency: Currency,
    /// What they owe.
    pub due: Amount,
    pub amount: Amount,
}

/// With what.
#[derive(Clone, Debug)]
pub enum PayWith {
    New(NewMethod),
    OnFile(PaymentMethodId),
}

/// A method in hand.
#[derive(Clone, Debug)]
pub struct NewMethod {
    pub secret: Secret,
    /// The place where it is kept once it has paid.
    pub keep: Option<i64>,
}

/// Whether the method may be kept on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeping {
    AsTheProfileSays,
    /// Nobody has signed in.
    Nothing,
}

/// Why something is not paid.
#[derive(Debug)]
pub enum CannotPay {
    Typed(NotTyped),
    Amount(NotPayable),
    /// What is due is not what was shown.
    Changed,
    /// The method is not on file any more, or can't be charged.
    MethodGone,
    /// The merchant does not take this kind of method here.
    NotTaken,
    /// The merchant lets no method be kept, or wants each kept; or there is no such place.
    NotKept,
    CardExpired,
    /// Why, as the processor says it.
    MethodRefused(String),
    Failed(Error),
}

impl From<Error> for CannotPay {
    fn from(error: Error) -> CannotPay {
        CannotPay::Failed(error)
    }
}

impl From<NotPayable> for CannotPay {
    fn from(why: NotPayable) -> CannotPay {
        CannotPay::Amount(why)
    }
}

impl Me {
    /// Whether anything can be paid here.
    pub fn may_pay(&self) -> bool {
        let profile = &self.org.portal;
        profile.allow_payments && self.org.has_processor() && profile.methods.iter().any(|method| self.takes(*method))
    }

    pub fn takes(&self, method: PortalMethod) -> bool {
        self.org.portal.takes(method, self.account.currency)
    }

    /// What can be paid now, oldest due date first, and whether something on file can pay it.
    pub async fn choices(&self) -> Result<(Vec<OpenInvoice>, bool)> {
        if !self.may_pay() {
            return Err(Error::NotFound("page"));
        }
        let found = store::choices::read(&mut self.view().await?.conn, self.org.id, self.id()).await?;
        let today = self.today();
        let is_usable = |method: &store::choices::OnFile| {
            let is_over = method.expiry.is_some_and(|expiry| expiry.is_past(today));
            !is_over && PortalMethod::of(method.method_type).is_some_and(|kind| self.takes(kind))
        };
        Ok((found.open, found.methods.iter().any(is_usable)))
    }

    /// What can be paid now, oldest due date first. Refused where the merchant takes no payments here.
    async fn payable(&self) -> Result<Vec<Invoice>> {
        if !self.may_pay() {
            return Err(Error::NotFound("page"));
        }
        let mut view = self.view().await?;
        let mut open = store::invoices::open(&mut view.conn, self.org.id, self.id()).await?;
        open.retain(|invoice| invoice.payable().is_positive());
        Ok(open)
    }

    /// What a wish comes to. Where everything must be paid, that is what is chosen. An amount goes to the oldest of what is
    /// chosen, or of all where nothing is; what they do not take is the customer's credit.
    pub async fn paying(&self, wish: &Wish) -> Result<Paying, CannotPay> {
        let payable = self.payable().await?;
        let profile = &self.org.portal;
        let currency = self.account.currency;
        let asked = match wish.amount.as_deref().map(str::trim) {
            Some(text) => {
                let typed = typed_amounts::parse(text, currency, wish.mark);
                Some(typed.map_err(CannotPay::Typed)?)
            }
            None => None,
        };
        let is_all = profile.pay_all || (wish.invoices.is_empty() && asked.is_some());
        let invoices = chosen(payable, is_all, &wish.invoices);
        let due = invoices.iter().map(Invoice::payable).sum();
        let amount = checkout::amount(profile, currency, due, asked)?;
        Ok(Paying { invoices, currency, due, amount })
    }

    /// Has the processor keep a method, so that it can be shown for confirmation without its number.
    pub async fn check_out(&self, wish: &Wish, with: PayWith) -> Result<Checkout, CannotPay> {
        self.check_out_by(wish, with, Keeping::AsTheProfileSays).await
    }

    pub(crate) async fn check_out_by(
        &self,
        wish: &Wish,
        with: PayWith,
        keeping: Keeping,
    ) -> Result<Checkout, CannotPay> {
        let paying = self.paying(wish).await?;
        let method = match with {
            PayWith::New(new) => self.in_hand(new, keeping).await?,
            PayWith::OnFile(id) => self.on_file(id).await?,
        };
        Ok(Checkout {
            key: random_token(),
            method,
            invoices: paying.invoices.iter().map(|invoice| invoice.number.clone()).collect(),
            due_minor: paying.due.0,
            amount_minor: paying.amount.0,
        })
    }

    async fn in_hand(&self, new: NewMethod, keeping: Keeping) -> Result<CheckoutMethod, CannotPay> {
        self.check_taken(new.secret.method_type())?;
        self.check_kept(new.keep, keeping)?;
        let expiry = new.secret.shown().expiry;
        if expiry.is_some_and(|expiry| expiry.is_past(self.today())) {
            return Err(CannotPay::CardExpired);
        }
        // Where there is none, nothing is payable here.
        let gateway = self.billing.processor(&self.org).await?.ok_or(Error::NotFound("page"))?;
        let token = match &new.secret {
            Secret::Card(card) => gateway.tokenize(card).await,
            Secret::BankAccount(account) => gateway.tokenize_account(account).await,
            Secret::Token { .. } | Secret::Check | Secret::Cash => return Err(CannotPay::NotTaken),
        };
        let token = token.map_err(|error| refused(error.into()))?;
        Ok(CheckoutMethod::New {
            token_sealed: self.billing.vault.seal(CHECKOUT_PLACE, &token)?,
            method_type: new.secret.method_type().as_str().to_owned(),
            context: new.secret.context(),
            expiry: expiry.map(|expiry| (expiry.year, expiry.month)),
            keep: new.keep,
        })
    }

    async fn on_file(&self, id: PaymentMethodId) -> Result<CheckoutMethod, CannotPay> {
        let found = self.chargeable(id).await?;
        let context = found.method.context();
        Ok(CheckoutMethod::OnFile { id: id.0, context })
    }

    /// A method on file that may be charged here and now.
    async fn chargeable(&self, id: PaymentMethodId) -> Result<payment_methods::Chargeable, CannotPay> {
        let mut view = self.view().await?;
        let on_file = payment_methods::chargeable(&self.billing, &mut view, self.id()).await?;
        let found = on_file.into_iter().find(|on_file| on_file.method.id == id).ok_or(CannotPay::MethodGone)?;
        self.check_taken(found.method.method_type)?;
        if found.method.is_expired(self.today()) {
            return Err(CannotPay::CardExpired);
        }
        Ok(found)
    }

    pub(super) fn check_taken(&self, method_type: MethodType) -> Result<(), CannotPay> {
        let is_taken = PortalMethod::of(method_type).is_some_and(|kind| self.takes(kind));
        if is_taken { Ok(()) } else { Err(CannotPay::NotTaken) }
    }

    fn check_kept(&self, keep: Option<i64>, keeping: Keeping) -> Result<(), CannotPay> {
        let saving = match keeping {
            Keeping::AsTheProfileSays => self.org.portal.card_saving,
            Keeping::Nothing => CardSaving::Never,
        };
        let is_allowed = match (saving, keep) {
            (CardSaving::Never, keep) => keep.is_none(),
            (CardSaving::Force, None) => false,
            (CardSaving::Force | CardSaving::Offer, Some(place)) => PREFERENCES.contains(&place),
            (CardSaving::Offer, None) => true,
        };
        if is_allowed { Ok(()) } else { Err(CannotPay::NotKept) }
    }

    /// Pays what was confirmed, once. Refused when what is due has changed since it was shown.
    pub async fn confirm(&self, checkout: &Checkout) -> Result<FullPayment, CannotPay> {
        self.confirm_by(checkout, Keeping::AsTheProfileSays).await
    }

    pub(crate) async fn confirm_by(&self, checkout: &Checkout, keeping: Keeping) -> Result<FullPayment, CannotPay> {
        if !self.may_pay() {
            return Err(Error::NotFound("page").into());
        }
        let key_hash = token_hash(&checkout.key);
        if let Some(payment) = self.paid_before(&key_hash).await? {
            return Ok(payment);
        }
        match self.pay_confirmed(checkout, key_hash.clone(), keeping).await {
            // Another press may have been first, since it was looked for.
            Err(why @ (CannotPay::Changed | CannotPay::Amount(_))) => self.paid_before(&key_hash).await?.ok_or(why),
            done => done,
        }
    }

    async fn pay_confirmed(
        &self,
        checkout: &Checkout,
        key_hash: String,
        keeping: Keeping,
    ) -> Result<FullPayment, CannotPay> {
        let paying = self.still(checkout).await?;
        let (method, keep) = self.method(checkout, keeping).await?;
        let by_id = |invoice: &Invoice| InvoiceKey { id: Some(invoice.id), number: None };
        let request = PayRequest {
            customer: Some(self.id()),
            amount: Some(paying.currency.decimal(paying.amount)),
            currency: Some(paying.currency),
            invoices: paying.invoices.iter().map(by_id).collect(),
            method,
            keep,
            generate_invoice: false,
            once: Some(key_hash),
        };
        match payments::pay(&self.billing, self.org.id, &self.actor(), request).await {
            Ok(payment) => Ok(payment),
            // Paid, or being paid, since it was read.
            Err(Error::Refused(_) | Error::Invalid(_)) => Err(CannotPay::Changed),
            Err(error) => Err(error.into()),
        }
    }

    async fn paid_before(&self, key_hash: &str) -> Result<Option<FullPayment>> {
        let mut view = self.view().await?;
        match store::checkouts::find(&mut view.conn, self.org.id, key_hash).await? {
            Some(id) => payments::get(&mut view, id).await.map(Some),
            None => Ok(None),
        }
    }

    /// What was confirmed, if it is still so.
    async fn still(&self, checkout: &Checkout) -> Result<Paying, CannotPay> {
        let invoices = chosen(self.payable().await?, self.org.portal.pay_all, &checkout.invoices);
        let due: Amount = invoices.iter().map(Invoice::payable).sum();
        if due.0 != checkout.due_minor || invoices.len() != checkout.invoices.len() {
            return Err(CannotPay::Changed);
        }
        let currency = self.account.currency;
        let amount = checkout::amount(&self.org.portal, currency, due, Some(Amount(checkout.amount_minor)))?;
        Ok(Paying { invoices, currency, due, amount })
    }

    async fn method(&self, checkout: &Checkout, keeping: Keeping) -> Result<(Method, Option<i64>), CannotPay> {
        match &checkout.method {
            CheckoutMethod::OnFile { id, .. } => {
                let on_file = self.chargeable(PaymentMethodId(*id)).await?;
                let method = Method::Token {
                    method_type: on_file.method.method_type,
                    token: on_file.token,
                    context: on_file.method.context(),
                    expiry: on_file.method.shown.expiry,
                };
                Ok((method, None))
            }
            CheckoutMethod::New { token_sealed, method_type, context, expiry, keep } => {
                let method_type: MethodType = method_type.parse().map_err(|_| CannotPay::MethodGone)?;
                self.check_taken(method_type)?;
                self.check_kept(*keep, keeping)?;
                let token = self.billing.vault.open(CHECKOUT_PLACE, token_sealed).ok_or(CannotPay::MethodGone)?;
                let method = Method::Token {
                    method_type,
                    token: GatewayToken::new(&token),
                    context: context.clone(),
                    expiry: expiry.map(|(year, month)| Expiry { year, month }),
                };
                Ok((method, *keep))
            }
        }
    }
}

fn chosen(mut payable: Vec<Invoice>, is_all: bool, numbers: &[String]) -> Vec<Invoice> {
    payable.retain(|invoice| is_all || numbers.contains(&invoice.number));
    payable
}

/// What a processor has against a method.
pub(super) fn refused(error: Error) -> CannotPay {
    // What stands before the last colon says only that it was refused.
    let reason = |why: &str| why.rsplit(": ").next().unwrap_or_default().to_owned();
    match error {
        Error::Refused(why) => CannotPay::MethodRefused(reason(&why)),
        Error::Invalid(problems) => CannotPay::MethodRefused(reason(&problems.to_string())),
        error => CannotPay::Failed(error),
    }
}
