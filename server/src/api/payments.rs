//! `/rest/payment(s)` (`api.md` §6).

use axum::extract::Path;
use billing::customers;
use billing::invoices::InvoiceKey;
use billing::payments::{self, Method, PayRequest};
use domain::ids::PaymentId;
use wire::payments::{self as xml, InvoiceRef, Kind, PaymentRequest};

use super::input::{Api, Xml, path_id};
use super::orders::merge;
use super::reply::{Refusal, Reply};

pub async fn get(api: Api, Path(id): Path<String>) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let id = PaymentId(path_id(&id, "payment")?);
    let org = &api.access.org;
    let payment = payments::get(&mut api.billing.view(org).await?, id).await?;
    Ok(Reply::ok(xml::write(&payment, &org.time_zone)))
}

pub async fn create(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let request = xml::read(&body, Kind::Payment)?;
    let org = &api.access.org;
    let request = pay_request(&api, request).await?;
    let payment = payments::pay(&api.billing, org.id, &api.access.actor(), request).await?;
    Ok(Reply::created(xml::write(&payment, &org.time_zone)))
}

async fn pay_request(api: &Api, request: PaymentRequest) -> Result<PayRequest, Refusal> {
    if request.generate_invoice {
        return Err(Refusal::bad_request("generateInvoice is not supported with a payment yet."));
    }
    let key = merge(api.params.customer_key()?, request.customer)?;
    key.id.into_iter().for_each(|id| api.caller.names(id.0));
    let customer = if key.is_empty() {
        None
    } else {
        Some(customers::resolve(&mut api.billing.view(&api.access.org).await?, &key).await?)
    };
    let invoice = |reference| match reference {
        InvoiceRef::Id(id) => {
            api.caller.names(id.0);
            InvoiceKey { id: Some(id), number: None }
        }
        InvoiceRef::Number(number) => InvoiceKey { id: None, number: Some(number) },
    };
    Ok(PayRequest {
        customer,
        amount: request.amount,
        currency: request.currency,
        invoices: request.invoices.into_iter().map(invoice).collect(),
        method: method(request.method)?,
    })
}

fn method(given: Option<xml::Method>) -> Result<Method, Refusal> {
    match given {
        None => Err(Refusal::bad_request("paymentMethodDTO is required.")),
        Some(xml::Method::Card { autopay_preference: Some(_), .. }) => {
            Err(Refusal::bad_request("autopayPreference: saving a method with a payment is not supported yet."))
        }
        Some(xml::Method::Card { card, .. }) => Ok(Method::Card(card)),
        Some(xml::Method::Cash) => Ok(Method::Cash),
        Some(xml::Method::Check { number }) => Ok(Method::Check { number }),
    }
}
