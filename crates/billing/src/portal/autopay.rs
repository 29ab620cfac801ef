//! What the customer has on file, and what is charged to it next (`api.md` §2.6, §4).

use domain::autopay::{Due, NextCharge, next_charge};
use domain::customers::CustomerStatus;
use domain::dates::Date;
use domain::ids::PaymentMethodId;
use domain::invoices::Invoice;
use domain::money::Amount;
use domain::organizations::{CardSaving, PortalMethod};
use domain::payment_methods::{NewMethod, PREFERENCES, PaymentMethod, Secret};
use domain::payment_plans::PlanStatus;
use store::payment_methods::Stored;

use super::Me;
use super::paying::{CannotPay, refused};
use crate::payment_methods::{self, SaveRequest};
use crate::{Error, Result, Unit, View, customers};

/// No invoice is due later.
const LAST_DAY: Date = Date::new(2999, 12, 31);
/// A card that expires within so many days is pointed out.
const SOON_DAYS: i64 = 45;

/// The methods, and what happens to them.
pub struct Autopay {
    /// In the order in which they are tried.
    pub methods: Vec<OnFile>,
    pub next: Next,
    pub may_keep: bool,
    /// The last that can be charged must stay.
    pub keeps_one: bool,
    pub today: Date,
}

impl Autopay {
    /// Whether nothing as good would be left to be charged without it.
    pub fn is_last(&self, method: &OnFile) -> bool {
        is_last(&self.methods, method)
    }
}

/// A method on file.
#[derive(Clone, Debug)]
pub struct OnFile {
    pub method: PaymentMethod,
    pub state: MethodState,
}

impl OnFile {
    fn new(stored: Stored, today: Date) -> OnFile {
        let state = MethodState::of(&stored, today);
        OnFile { method: stored.method, state }
    }

    pub fn kind(&self) -> Option<PortalMethod> {
        PortalMethod::of(self.method.method_type)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodState {
    Good,
    ExpiresSoon,
    Expired,
    /// A processor said that it will not work again.
    Refused,
    /// Cash and checks are never charged.
    NotCharged,
}

impl MethodState {
    fn of(stored: &Stored, today: Date) -> MethodState {
        let method = &stored.method;
        let expires_by = |day: Date| method.is_expired(day);
        match () {
            () if stored.token.is_none() => MethodState::NotCharged,
            () if expires_by(today) => MethodState::Expired,
            () if stored.refused_on.is_some() => MethodState::Refused,
            () if expires_by(today.add_days(SOON_DAYS)) => MethodState::ExpiresSoon,
            () => MethodState::Good,
        }
    }

    /// Whether the daily run tries it.
    pub fn is_tried(self) -> bool {
        match self {
            MethodState::Good | MethodState::ExpiresSoon | MethodState::Expired => true,
            MethodState::Refused | MethodState::NotCharged => false,
        }
    }

    /// Whether a processor knows it: one that it has refused may be charged by hand.
    fn is_known(self) -> bool {
        match self {
            MethodState::Good | MethodState::ExpiresSoon | MethodState::Expired | MethodState::Refused => true,
            MethodState::NotCharged => false,
        }
    }
}

/// What the daily run does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// There is nothing that it could charge.
    Nothing,
    /// The account is suspended: it charges nothing.
    Suspended,
    Charge(NextCharge),
    /// The same of a payment plan.
    Installment(NextCharge),
    /// Nothing is open; the next invoice is charged on its due date.
    NextInvoice,
    /// It was declined, and is not tried again before a method changes.
    Stopped,
}

/// Why a method is not kept, moved or removed.
#[derive(Debug)]
pub enum CannotKeep {
    Pay(CannotPay),
    /// The last one must stay.
    IsLast,
    /// It is not on file any more.
    Gone,
}

impl From<CannotPay> for CannotKeep {
    fn from(why: CannotPay) -> CannotKeep {
        CannotKeep::Pay(why)
    }
}

impl From<Error> for CannotKeep {
    fn from(error: Error) -> CannotKeep {
        CannotKeep::Pay(CannotPay::Failed(error))
    }
}

impl Me {
    /// Whether methods may be kept here.
    pub fn may_keep(&self) -> bool {
        self.may_pay() && self.org.portal.card_saving != CardSaving::Never
    }

    pub async fn on_file_now(&self) -> Result<Vec<OnFile>> {
        let mut view = self.view().await?;
        self.listed_methods(&mut view).await
    }

    async fn listed_methods(&self, view: &mut View) -> Result<Vec<OnFile>> {
        let today = self.today();
        let stored = store::payment_methods::list(&mut view.conn, self.org.id, self.id()).await?;
        Ok(stored.into_iter().map(|stored| OnFile::new(stored, today)).collect())
    }

    /// Those that can be paid with here.
    pub fn usable(&self, on_file: &[OnFile]) -> Vec<OnFile> {
        let is_usable = |on_file: &&OnFile| {
            let is_charged = !matches!(on_file.state, MethodState::Expired | MethodState::NotCharged);
            is_charged && on_file.kind().is_some_and(|kind| self.takes(kind))
        };
        on_file.iter().filter(is_usable).cloned().collect()
    }

    pub async fn autopay(&self) -> Result<Autopay> {
        let mut view = self.view().await?;
        let methods = self.listed_methods(&mut view).await?;
        let next = self.next(&mut view, &methods).await?;
        let keeps_one = !self.org.portal.allow_autopay_off;
        Ok(Autopay { methods, next, may_keep: self.may_keep(), keeps_one, today: self.today() })
    }

    /// As the daily run would do it, were it tomorrow with all as it is today.
    async fn next(&self, view: &mut View, methods: &[OnFile]) -> Result<Next> {
        let (org, me, today) = (self.org.id, self.id(), self.today());
        match self.account.status {
            CustomerStatus::Active | CustomerStatus::Overdue1 | CustomerStatus::Overdue2 | CustomerStatus::Overdue3 => {
            }
            _ => return Ok(Next::Suspended),
        }
        if !methods.iter().any(|on_file| on_file.state.is_tried()) {
            return Ok(Next::Nothing);
        }
        let balance = self.account.balances.outstanding_balance;
        let plan = store::payment_plans::current(&mut view.conn, org, me).await?;
        if let Some(plan) = plan.filter(|plan| plan.status() == PlanStatus::Active) {
            let on_its_way = store::collections::pending(&mut view.conn, org, me).await?;
            let on = plan.next_payment_on().unwrap_or(today).max(today.add_days(1));
            return Ok(Next::Installment(NextCharge { on, amount: plan.charge(balance - on_its_way) }));
        }
        let open = store::invoices::open(&mut view.conn, org, me).await?;
        let automatic = store::collections::due_invoices(&mut view.conn, org, me, LAST_DAY).await?;
        let decline = store::declines::find(&mut view.conn, org, me).await?;
        let due = |invoice: &Invoice| Due {
            due_on: invoice.due_on,
            payable: invoice.payable(),
            is_automatic: automatic.contains(&invoice.id),
        };
        let dues: Vec<Due> = open.iter().map(due).collect();
        let owed: Amount = open.iter().map(Invoice::outstanding).sum();
        Ok(match next_charge(&dues, owed - balance, today, decline.as_ref()) {
            Some(charge) => Next::Charge(charge),
            None if decline.is_some() && dues.iter().any(|due| due.is_automatic) => Next::Stopped,
            None => Next::NextInvoice,
        })
    }

    /// Keeps a method in a place, in place of what is there. A card is checked by asking for 0 first.
    pub async fn keep_method(&self, preference: i64, secret: Secret) -> Result<PaymentMethod, CannotKeep> {
        if !self.may_keep() {
            return Err(Error::NotFound("page").into());
        }
        if !PREFERENCES.contains(&preference) {
            return Err(CannotPay::NotKept.into());
        }
        self.check_taken(secret.method_type())?;
        if secret.shown().expiry.is_some_and(|expiry| expiry.is_past(self.today())) {
            return Err(CannotPay::CardExpired.into());
        }
        let new = NewMethod { preference, secret };
        let request = SaveRequest { customer: self.id(), new, validate: true };
        let saved = payment_methods::save(&self.billing, &self.org, &self.actor(), request).await;
        saved.map_err(|error| refused(error).into())
    }

    /// Puts a method into another place; what is there comes into its own.
    pub async fn move_method(&self, id: PaymentMethodId, to: i64) -> Result<(), CannotKeep> {
        if !PREFERENCES.contains(&to) {
            return Err(CannotKeep::Gone);
        }
        let me = self.id();
        let work = async |unit: &mut Unit| {
            customers::lock(unit, me).await?;
            payment_methods::change_place(&self.billing, unit, me, id, to).await
        };
        gone(self.billing.unit(self.org.id, &self.actor(), work).await)
    }

    /// Takes a method off the file; the last that can be charged only where the merchant lets autopay be switched off.
    pub async fn remove_method(&self, id: PaymentMethodId) -> Result<(), CannotKeep> {
        let (me, keeps_one) = (self.id(), !self.org.portal.allow_autopay_off);
        let work = async |unit: &mut Unit| {
            customers::lock(unit, me).await?;
            let stored = store::payment_methods::list(&mut unit.tx, unit.org.id, me).await?;
            let methods: Vec<OnFile> = stored.into_iter().map(|stored| OnFile::new(stored, self.today())).collect();
            let found = methods.iter().find(|on_file| on_file.method.id == id);
            let found = found.ok_or(Error::NotFound("autopay method"))?;
            if keeps_one && is_last(&methods, found) {
                return Ok(false);
            }
            payment_methods::take_off(unit, me, found.method.preference).await?;
            Ok(true)
        };
        let is_removed = gone(self.billing.unit(self.org.id, &self.actor(), work).await)?;
        if is_removed { Ok(()) } else { Err(CannotKeep::IsLast) }
    }
}

/// The last that the daily run tries is not made up for by one that was refused; where all were refused, one stays.
fn is_last(methods: &[OnFile], method: &OnFile) -> bool {
    let others = || methods.iter().filter(|other| other.method.id != method.method.id);
    if method.state.is_tried() {
        return !others().any(|other| other.state.is_tried());
    }
    method.state.is_known() && !others().any(|other| other.state.is_known())
}

fn gone<T>(done: Result<T>) -> Result<T, CannotKeep> {
    done.map_err(|error| match error {
        Error::NotFound(_) => CannotKeep::Gone,
        error => error.into(),
    })
}
