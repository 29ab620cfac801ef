//! Methods on file: save, list, delete. The processor is asked first, outside the transaction; what it gave for a
//! number is kept sealed, the number itself nowhere.

use std::sync::Arc;

use domain::access::Actor;
use domain::dates::Date;
use domain::events::EventType;
use domain::ids::{CustomerId, OrganizationId, PaymentMethodId};
use domain::organizations::Organization;
use domain::payment_methods::{NewMethod, PaymentMethod, Secret};
use domain::payments::{Outcome, Verdict};
use domain::wallet::{Card, GatewayToken};
use store::methods_to_keep::ToKeep;
use store::payment_methods::Stored;
use store::sealed::Sealed;

use crate::ports::Gateway;
use crate::{Billing, Error, Result, Unit, View, customers};

/// A method to keep, and whether the processor is to say first that it would charge the card.
#[derive(Clone, Debug)]
pub struct SaveRequest {
    pub customer: CustomerId,
    pub new: NewMethod,
    pub validate: bool,
}

/// Keeps a method, in place of the one that the customer had there.
pub async fn save(
    billing: &Billing,
    org: &Arc<Organization>,
    actor: &Actor,
    request: SaveRequest,
) -> Result<PaymentMethod> {
    let SaveRequest { customer, new, validate } = request;
    // Nobody is asked about a card for a customer who does not exist.
    customers::get(&mut billing.view(org).await?, customer).await?;
    let today = billing.today(org);
    let token = match ask(billing, org, &new.secret, validate.then_some(today)).await? {
        Some(token) => Some(billing.vault.seal_named(&place(customer, new.preference), &token)?),
        None => None,
    };
    let (new, token) = (&new, &token);
    billing.unit(org.id, actor, async |unit| keep(unit, customer, new, token.clone()).await).await
}

/// The place that a token is sealed for.
pub fn place(customer: CustomerId, preference: i64) -> String {
    format!("payment method {preference} of customer {customer}")
}

/// What the processor wants to be told when it is to charge; `None` where it never is.
async fn ask(
    billing: &Billing,
    org: &Organization,
    secret: &Secret,
    validate_on: Option<Date>,
) -> Result<Option<String>> {
    if !secret.is_processed() {
        return Ok(None);
    }
    let gateway = billing
        .processor(org)
        .await?
        .ok_or_else(|| Error::refused("The organization has no payment processor; cash and checks can be kept."))?;
    if let (Secret::Card(card), Some(today)) = (secret, validate_on) {
        check_card(&*gateway, org.id, card, today).await?;
    }
    tokenize(&*gateway, secret).await
}

async fn check_card(gateway: &dyn Gateway, org: OrganizationId, card: &Card, today: Date) -> Result<()> {
    let answer = match gateway.validate(org, card, today).await {
        Outcome::Answered(answer) => answer,
        Outcome::Unknown => return Err(Error::Unavailable("the processor did not answer".into())),
    };
    match answer.verdict {
        Verdict::Approved => Ok(()),
        Verdict::Declined | Verdict::Error => {
            let message = format!("The card was not accepted by the processor: {}", answer.status_message);
            Err(Error::invalid("paymentMethodDTO/creditCardPaymentMethod", message))
        }
    }
}

async fn tokenize(gateway: &dyn Gateway, secret: &Secret) -> Result<Option<String>> {
    let token = match secret {
        Secret::Card(card) => gateway.tokenize(card).await,
        Secret::BankAccount(account) => gateway.tokenize_account(account).await,
        Secret::Token { token, .. } => Ok(token.expose().to_owned()),
        Secret::Check | Secret::Cash => return Ok(None),
    };
    Ok(Some(token?))
}

async fn keep(unit: &mut Unit, customer: CustomerId, new: &NewMethod, token: Option<Sealed>) -> Result<PaymentMethod> {
    customers::lock(unit, customer).await?;
    let (method_type, shown) = (new.secret.method_type(), new.secret.shown());
    put(unit, customer, ToKeep { preference: new.preference, method_type, shown, token }).await
}

/// Keeps a method of a customer, who is locked.
pub(crate) async fn put(unit: &mut Unit, customer: CustomerId, new: ToKeep) -> Result<PaymentMethod> {
    let method = PaymentMethod {
        id: unit.id(PaymentMethodId).await?,
        customer,
        preference: new.preference,
        method_type: new.method_type,
        shown: new.shown,
        created_at: unit.now,
        updated_at: unit.now,
    };
    let stored = Stored { method: method.clone(), token: new.token, refused_on: None };
    let replaced = store::payment_methods::replace(&mut unit.tx, unit.org.id, &stored).await?;
    let done = if replaced { "replaced" } else { "saved" };
    changed(unit, customer, &format!("{done} autopay method {}: {}", method.preference, method.context())).await?;
    Ok(method)
}

async fn changed(unit: &mut Unit, customer: CustomerId, action: &str) -> Result<()> {
    // With another method it is worth trying again.
    store::declines::delete(&mut unit.tx, unit.org.id, customer).await?;
    store::payment_methods::touch_customer(&mut unit.tx, unit.org.id, customer, unit.now).await?;
    unit.happened(EventType::CustomerUpdated, customer, customer.0).await?;
    unit.audit(action, &format!("customer {customer}")).await
}

/// What a customer has on file, the first to be tried first.
pub async fn list(view: &mut View, customer: CustomerId) -> Result<Vec<PaymentMethod>> {
    customers::get(view, customer).await?;
    let stored = store::payment_methods::list(&mut view.conn, view.org.id, customer).await?;
    Ok(stored.into_iter().map(|stored| stored.method).collect())
}

/// A method that can be charged, with the processor's token for it.
#[derive(Debug)]
pub struct Chargeable {
    pub method: PaymentMethod,
    pub token: GatewayToken,
    /// A run was told that it will not work again: no run tries it any more.
    pub is_refused: bool,
}

/// What can be charged, in the order in which it is to be tried. Cash and checks are passed over.
pub async fn chargeable(billing: &Billing, view: &mut View, customer: CustomerId) -> Result<Vec<Chargeable>> {
    let mut chargeable = Vec::new();
    let stored = store::payment_methods::list(&mut view.conn, view.org.id, customer).await?;
    for Stored { method, token, refused_on } in stored {
        let Some(sealed) = token else { continue };
        let token = billing.vault.open(&place(customer, method.preference), &sealed.text);
        let token = token.ok_or_else(|| Error::bug(format!("key {} opens no token on file", sealed.key_id)))?;
        let is_refused = refused_on.is_some();
        chargeable.push(Chargeable { method, token: GatewayToken::new(&token), is_refused });
    }
    Ok(chargeable)
}

/// Takes a method off the file.
pub async fn delete(
    billing: &Billing,
    org: OrganizationId,
    actor: &Actor,
    customer: CustomerId,
    preference: i64,
) -> Result<()> {
    billing
        .unit(org, actor, async |unit| {
            customers::lock(unit, customer).await?;
            take_off(unit, customer, preference).await
        })
        .await
}

/// Of a customer, who is locked.
pub(crate) async fn take_off(unit: &mut Unit, customer: CustomerId, preference: i64) -> Result<()> {
    if !store::payment_methods::delete(&mut unit.tx, unit.org.id, customer, preference).await? {
        return Err(Error::NotFound("autopay method"));
    }
    changed(unit, customer, &format!("deleted autopay method {preference}")).await
}

/// Puts a method of a customer, who is locked, into another place; what is there comes into its own. A token opens only
/// in the place that it was sealed for, so it is sealed anew.
pub(crate) async fn change_place(
    billing: &Billing,
    unit: &mut Unit,
    customer: CustomerId,
    id: PaymentMethodId,
    to: i64,
) -> Result<()> {
    let stored = store::payment_methods::list(&mut unit.tx, unit.org.id, customer).await?;
    let from = stored.iter().find(|stored| stored.method.id == id).map(|stored| stored.method.preference);
    let from = from.ok_or(Error::NotFound("autopay method"))?;
    if from == to {
        return Ok(());
    }
    let mut moved = Vec::new();
    for Stored { mut method, token, refused_on } in stored {
        let old = method.preference;
        if old != from && old != to {
            continue;
        }
        method.preference = if old == from { to } else { from };
        method.updated_at = unit.now;
        let token = match token {
            Some(sealed) => Some(reseal(billing, customer, &sealed, (old, method.preference))?),
            None => None,
        };
        store::payment_methods::delete(&mut unit.tx, unit.org.id, customer, old).await?;
        moved.push(Stored { method, token, refused_on });
    }
    for stored in &moved {
        store::payment_methods::insert(&mut unit.tx, unit.org.id, stored).await?;
    }
    changed(unit, customer, &format!("moved autopay method {from} to {to}")).await
}

fn reseal(billing: &Billing, customer: CustomerId, sealed: &Sealed, (old, new): (i64, i64)) -> Result<Sealed> {
    let token = billing.vault.open(&place(customer, old), &sealed.text);
    let token = token.ok_or_else(|| Error::bug(format!("key {} opens no token on file", sealed.key_id)))?;
    billing.vault.seal_named(&place(customer, new), &token)
}
