//! Paying one invoice without a login (`api.md` §8.2): whoever knows its number and what it still owes may pay it, and sees
//! nothing else. The short session that this opens is no portal session: it is kept elsewhere, and opens no page there.

use std::sync::Arc;

use domain::access::Actor;
use domain::customers::Account;
use domain::dates::{Date, Timestamp};
use domain::ids::{InvoiceId, OrganizationId};
use domain::invoices::{Invoice, InvoiceStatus};
use domain::organizations::{Organization, PortalMethod};
use domain::payments::FullPayment;
use domain::typed_amounts;
use serde::{Deserialize, Serialize};
use store::quick_sessions::{QuickSession, find, save, sweep};

use crate::portal::{CannotPay, Keeping, Me, NewMethod, PayWith, Paying, Wish};
use crate::secrets::{random_token, token_hash};
use crate::sessions::{Checkout, Flash, Paid, checkout_or_none};
use crate::{Billing, Error, Result, Unit, View, customers};

/// Long enough to find one's card; each use begins it anew.
pub const SECONDS: i64 = 20 * 60;
/// However much it is used.
const SECONDS_IN_ALL: i64 = 2 * 60 * 60;
/// The end is written again only when it has moved by this much.
const TOUCH_SECONDS: i64 = 60;
/// No invoice number is longer.
const NUMBER_MAX: usize = 64;

/// What a session keeps, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Data {
    /// Hash of the cookie that belongs to the session.
    pub cookie_hash: String,
    /// The cookie has come back once: from then on the key alone opens nothing.
    pub is_bound: bool,
    /// Shown once, on the next page.
    pub flash: Option<Flash>,
    #[serde(default, deserialize_with = "checkout_or_none")]
    pub checkout: Option<Checkout>,
    /// The number of the payment that was made.
    pub payment: Option<String>,
    /// What the merchant's page is yet to hear of.
    #[serde(default)]
    pub paid: Option<Paid>,
    /// In Unix seconds of the organization's clock.
    #[serde(default)]
    pub started_at: i64,
}

/// A session as it begins. Both secrets are known to the browser only from here on.
#[derive(Clone)]
pub struct New {
    /// Of the right that it opens.
    pub payer: Payer,
    pub key: String,
    pub cookie: String,
}

/// The right to pay one invoice, and to see what it owes.
#[derive(Clone)]
pub struct Payer {
    me: Me,
    pub invoice: Invoice,
}

/// Whether one invoice may be paid here without a login.
pub fn is_offered(org: &Organization) -> bool {
    org.portal.allow_payments && org.has_processor()
}

/// Opens a session for the invoice of this number that owes exactly `balance`, as it was typed. `None`: there is none that
/// may be paid so, for whatever reason; the same to all.
pub async fn begin(billing: &Billing, org: &Arc<Organization>, number: &str, balance: &str) -> Result<Option<New>> {
    if number.is_empty() || number.chars().count() > NUMBER_MAX || number.contains('\0') {
        return Ok(None);
    }
    let mut view = billing.view(org).await?;
    let Some(id) = store::invoices::find_id(&mut view.conn, org.id, number).await? else { return Ok(None) };
    let Some(payer) = payer(billing, &mut view, id).await? else { return Ok(None) };
    let invoice = &payer.invoice;
    let is_right = typed_amounts::readings(balance, invoice.currency).contains(&invoice.outstanding());
    let owed = invoice.payable();
    let is_payable = owed.is_positive() && owed == invoice.outstanding() && payer.pays_all(&mut view).await?;
    drop(view);
    if !is_right || !is_payable {
        return Ok(None);
    }
    let new = New { payer, key: random_token(), cookie: random_token() };
    let started_at = billing.now(org).as_seconds();
    let data = Data { cookie_hash: token_hash(&new.cookie), started_at, ..Data::default() };
    let (key, data) = (new.key.as_str(), &data);
    billing.unit(org.id, &Actor::System, async |unit| start(unit, id, key, data).await).await?;
    Ok(Some(new))
}

async fn start(unit: &mut Unit, invoice: InvoiceId, key: &str, data: &Data) -> Result<()> {
    sweep(&mut unit.tx, unit.org.id, unit.now).await?;
    let session = QuickSession { invoice_id: invoice, data: json(data)?, expires_at: unit.now.add_seconds(SECONDS) };
    save(&mut unit.tx, unit.org.id, &token_hash(key), &session).await?;
    Ok(())
}

/// The invoice, where it is one that somebody owes and may pay.
async fn payer(billing: &Billing, view: &mut View, id: InvoiceId) -> Result<Option<Payer>> {
    let org = view.org.clone();
    let Some(invoice) = store::invoices::find(&mut view.conn, org.id, id).await? else { return Ok(None) };
    let customer = customers::get(view, invoice.customer).await?;
    let account = Account::from(&customer);
    let me = Me::new(billing.clone(), org, account, None);
    Ok(me.ok().filter(|me| me.may_pay() && is_invoice(&invoice)).map(|me| Payer { me, invoice }))
}

fn is_invoice(invoice: &Invoice) -> bool {
    match invoice.status {
        InvoiceStatus::Outstanding | InvoiceStatus::Paid => true,
        InvoiceStatus::Draft | InvoiceStatus::Error | InvoiceStatus::Cancelled | InvoiceStatus::CarriedOver => false,
    }
}

/// A session that opens.
pub struct Opened {
    pub data: Data,
    /// The right that goes with it.
    pub payer: Payer,
    /// Its end moves enough by being used now to be written again.
    pub moves: bool,
}

/// What a key in an address opens. `None`: no such session, or it is over.
pub async fn open(billing: &Billing, org: &Arc<Organization>, key: &str) -> Result<Option<Opened>> {
    if !is_offered(org) {
        return Ok(None);
    }
    let mut view = billing.view(org).await?;
    let found = find(&mut view.conn, org.id, &token_hash(key)).await?;
    let now = billing.now(org);
    let Some(found) = found.filter(|found| found.expires_at > now) else { return Ok(None) };
    let data: Data = serde_json::from_str(&found.data).map_err(|error| Error::Bug(error.into()))?;
    let moves = end(now, &data).as_seconds() - found.expires_at.as_seconds() >= TOUCH_SECONDS;
    Ok(payer(billing, &mut view, found.invoice_id).await?.map(|payer| Opened { data, payer, moves }))
}

/// When a session is over that is used now.
fn end(now: Timestamp, data: &Data) -> Timestamp {
    let last = data.started_at + SECONDS_IN_ALL;
    now.add_seconds(SECONDS.min(last - now.as_seconds()))
}

/// Writes what a session keeps, and that it was used.
pub async fn keep(billing: &Billing, org: OrganizationId, key: &str, data: &Data) -> Result<()> {
    let key_hash = &token_hash(key);
    billing
        .unit(org, &Actor::System, async |unit| {
            let found = find(&mut unit.tx, unit.org.id, key_hash).await?;
            let Some(found) = found else { return Ok(()) };
            let expires_at = found.expires_at.max(end(unit.now, data));
            let session = QuickSession { data: json(data)?, expires_at, ..found };
            save(&mut unit.tx, unit.org.id, key_hash, &session).await?;
            Ok(())
        })
        .await
}

fn json(data: &Data) -> Result<String> {
    serde_json::to_string(data).map_err(|error| Error::Bug(error.into()))
}

impl Payer {
    pub fn org(&self) -> &Arc<Organization> {
        &self.me.org
    }

    /// In whose language to speak.
    pub fn locales(&self) -> [&str; 2] {
        [&self.me.account.locale, &self.me.org.locale]
    }

    pub fn takes(&self, method: PortalMethod) -> bool {
        self.me.takes(method)
    }

    pub fn today(&self) -> Date {
        self.me.today()
    }

    fn wish(&self) -> Wish {
        Wish { invoices: vec![self.invoice.number.clone()], ..Wish::default() }
    }

    /// Where everything must be paid at once, this invoice is all there is.
    async fn pays_all(&self, view: &mut View) -> Result<bool> {
        if !self.me.org.portal.pay_all {
            return Ok(true);
        }
        let open = store::invoices::open(&mut view.conn, self.me.org.id, self.invoice.customer).await?;
        Ok(open.iter().filter(|invoice| invoice.payable().is_positive()).all(|invoice| invoice.id == self.invoice.id))
    }

    /// What the invoice owes now.
    pub async fn paying(&self) -> Result<Paying, CannotPay> {
        let mut view = self.me.billing.view(&self.me.org).await?;
        if !self.pays_all(&mut view).await? {
            return Err(CannotPay::Changed);
        }
        drop(view);
        self.me.paying(&self.wish()).await
    }

    /// Has the processor keep a method until the payment is confirmed; it is not kept any longer.
    pub async fn check_out(&self, method: NewMethod) -> Result<Checkout, CannotPay> {
        self.paying().await?;
        self.me.check_out_by(&self.wish(), PayWith::New(NewMethod { keep: None, ..method }), Keeping::Nothing).await
    }

    pub async fn confirm(&self, checkout: &Checkout) -> Result<FullPayment, CannotPay> {
        if checkout.invoices != [self.invoice.number.clone()] {
            return Err(CannotPay::Changed);
        }
        self.me.confirm_by(checkout, Keeping::Nothing).await
    }

    /// The payment that this session has made.
    pub async fn payment(&self, number: &str) -> Result<FullPayment> {
        self.me.payment(number, Some(&self.me.receipt_pass(number))).await.map(|seen| seen.payment)
    }
}
