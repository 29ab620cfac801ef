//! A method that is kept on file once the payment made with it is paid, however late that is known. Until then the
//! processor's token waits beside the payment, sealed for the place where it will be kept.

use domain::payments::{Payment, PaymentStatus};
use store::methods_to_keep::ToKeep;

use super::Attempt;
use crate::payment_methods;
use crate::{Billing, Error, Result, Unit};

/// Writes down what is to be kept of a payment that is about to be made.
pub(super) async fn remember(
    billing: &Billing,
    unit: &mut Unit,
    payment: &Payment,
    attempt: Attempt<'_>,
) -> Result<()> {
    let Some(preference) = attempt.request.keep else { return Ok(()) };
    let place = payment_methods::place(payment.customer, preference);
    let token = match attempt.token {
        Some(token) => Some(billing.vault.seal_named(&place, token.expose())?),
        None if attempt.request.method.is_processed() => return Err(Error::bug("a method to be kept without a token")),
        None => None,
    };
    let method = &attempt.request.method;
    let to_keep = ToKeep { preference, method_type: method.method_type(), shown: method.shown(), token };
    store::methods_to_keep::insert(&mut unit.tx, unit.org.id, payment.id, &to_keep).await?;
    Ok(())
}

/// Keeps the method of a payment that is paid, and forgets that of any other. What was saved in that place since the
/// payment was made stays.
pub(super) async fn end(unit: &mut Unit, payment: &Payment) -> Result<()> {
    let found = store::methods_to_keep::find(&mut unit.tx, unit.org.id, payment.id).await?;
    let Some(to_keep) = found else { return Ok(()) };
    store::methods_to_keep::delete(&mut unit.tx, unit.org.id, payment.id).await?;
    if payment.status != PaymentStatus::Paid {
        return Ok(());
    }
    let on_file = store::payment_methods::list(&mut unit.tx, unit.org.id, payment.customer).await?;
    let in_place = on_file.into_iter().find(|stored| stored.method.preference == to_keep.preference);
    if in_place.is_some_and(|stored| stored.method.updated_at > payment.created_at) {
        return Ok(());
    }
    payment_methods::put(unit, payment.customer, to_keep).await.map(drop)
}
