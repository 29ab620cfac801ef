//! `/rest/payment(s)`: paying, finding, cancelling (`api.md` §6). Refunds and credits are beside it.

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use billing::Unit;
use billing::autopay;
use billing::customers::{self, CustomerKey};
use billing::invoices::InvoiceKey;
use billing::payments::{self, PayRequest};
use billing::{credits, payment_lists, refunds};
use domain::ids::{CustomerId, PaymentId};
use domain::payments::{FullPayment, PaymentType};
use wire::customers::CustomerRef;
use wire::payments::{self as xml, InvoiceRef, PaymentRequest};

use super::input::{Api, WellFormed, Xml, path_id};
use super::orders::merge;
use super::payment_lists as lists;
use super::reply::{Refusal, Reply};
use crate::state::State;

pub fn router() -> Router<State> {
    Router::new()
        .route("/rest/payments", get(lists::payments).post(create))
        .route("/rest/credits", get(lists::credits).post(grant_credit))
        .route("/rest/refunds", get(lists::refunds).post(refund))
        .route("/rest/payments/autopay", post(charge_on_file))
        .route("/rest/refunds/autopay", post(refund))
        .route("/rest/payment/{id}", get(get_payment).post(act))
        .route("/rest/credit/{id}", get(get_credit))
        .route("/rest/refund/{id}", get(get_refund))
}

async fn get_payment(api: Api, id: Path<String>) -> Result<Reply, Refusal> {
    show(api, id, PaymentType::Payment, "payment").await
}

async fn get_credit(api: Api, id: Path<String>) -> Result<Reply, Refusal> {
    show(api, id, PaymentType::Credit, "credit").await
}

async fn get_refund(api: Api, id: Path<String>) -> Result<Reply, Refusal> {
    show(api, id, PaymentType::Refund, "refund").await
}

async fn show(
    api: Api,
    Path(id): Path<String>,
    payment_type: PaymentType,
    what: &'static str,
) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let id = PaymentId(path_id(&id, what)?);
    let mut view = api.billing.view(&api.access.org).await?;
    let payment = payment_lists::get(&mut view, id, payment_type).await?;
    Ok(Reply::ok(written(&api, &payment)))
}

/// How a payment is answered, also to whoever sends the request again.
fn answer(api: &Api) -> impl Fn(&FullPayment) -> Reply + Clone + use<> {
    let zone = api.zone();
    let render = move |payment: &FullPayment| Reply::created(xml::write(payment, &zone));
    api.answers_with(&render);
    render
}

/// The answer to whoever asks again for a payment that was begun and not answered.
pub async fn as_it_stands(api: &Api, id: PaymentId) -> Result<Reply, Refusal> {
    let payment = payments::get(&mut api.billing.view(&api.access.org).await?, id).await?;
    Ok(Reply::created(written(api, &payment)))
}

fn written(api: &Api, payment: &FullPayment) -> String {
    xml::write(payment, &api.access.org.time_zone)
}

/// `POST /rest/payment/{id}?action=cancel`
async fn act(api: Api, Path(id): Path<String>, _: WellFormed) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    let id = PaymentId(path_id(&id, "payment")?);
    match api.params.action()? {
        Some("cancel") => {}
        Some(_) | None => return Err(Refusal::bad_request("action must be cancel.")),
    }
    let (org, actor) = (&api.access.org, api.access.actor());
    let zone = api.zone();
    let render = move |payment: &FullPayment| Reply::ok(xml::write(payment, &zone));
    api.answers_with(&render);
    Ok(render(&api.billing.unit(org.id, &actor, async |unit: &mut Unit| payments::cancel(unit, id).await).await?))
}

async fn create(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    let request = begin(&api, xml::read(&body))?;
    let customer = customer(&api, request.customer.clone()).await?;
    let Some(method) = request.method else {
        return Err(Refusal::bad_request("paymentMethodDTO is required."));
    };
    let request = PayRequest {
        customer,
        amount: request.amount,
        currency: request.currency,
        invoices: invoices(&api, request.invoices),
        keep: method.autopay_preference,
        method: (method.secret, method.check_number).into(),
        generate_invoice: request.generate_invoice,
        once: None,
    };
    let render = answer(&api);
    Ok(render(&payments::pay(&api.billing, api.access.org.id, &api.access.actor(), request).await?))
}

/// What every creation begins with: what the address and the body say, taken together.
fn begin<T>(api: &Api, read: Result<T, domain::checks::Problems>) -> Result<T, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    Ok(read?)
}

/// The customer that query or body names, if one does.
async fn customer(api: &Api, body: Option<CustomerRef>) -> Result<Option<CustomerId>, Refusal> {
    let key: CustomerKey = merge(api.params.customer_key()?, body)?;
    key.id.into_iter().for_each(|id| api.caller.names(id.0));
    if key.is_empty() {
        return Ok(None);
    }
    Ok(Some(customers::resolve(&mut api.billing.view(&api.access.org).await?, &key).await?))
}

fn invoices(api: &Api, named: Vec<InvoiceRef>) -> Vec<InvoiceKey> {
    let invoice = |reference| match reference {
        InvoiceRef::Id(id) => {
            api.caller.names(id.0);
            InvoiceKey { id: Some(id), number: None }
        }
        InvoiceRef::Number(number) => InvoiceKey { id: None, number: Some(number) },
    };
    named.into_iter().map(invoice).collect()
}

/// `POST /rest/payments/autopay`: by what is on file, in the order of preference. The attempt that decided is shown.
async fn charge_on_file(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    let PaymentRequest { customer: named, amount, currency, generate_invoice, invoices: keys, method } =
        begin(&api, xml::read(&body))?;
    if method.is_some() {
        return Err(Refusal::bad_request("paymentMethodDTO must not be given here: what is on file is charged."));
    }
    if amount.is_none() && keys.is_empty() && !generate_invoice {
        return Err(Refusal::bad_request("amount is missing: give it, or name the invoices to pay.").about("amount"));
    }
    let named = customer(&api, named).await?;
    let keys = invoices(&api, keys);
    let org = &api.access.org;
    let wanted = autopay::Wanted { customer: named, amount, currency, invoices: keys };
    let request = autopay::wanted(&mut api.billing.view(org).await?, wanted).await?;
    let (render, actor) = (answer(&api), api.access.actor());
    let attempts = if generate_invoice {
        autopay::bill_and_charge(&api.billing, org, &actor, request).await?
    } else {
        autopay::charge(&api.billing, org, &actor, request).await?
    };
    match attempts.last() {
        Some(payment) => Ok(render(payment)),
        None => Err(Refusal::bad_request("There is nothing to pay: the customer's credit covers it.")),
    }
}

async fn grant_credit(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    let request = begin(&api, xml::read_credit(&body))?;
    let Some(customer) = customer(&api, request.customer).await? else {
        return Err(Refusal::bad_request(
            "The customer is missing: give extCustomerRef or customerId in the query, or customer in the body.",
        ));
    };
    let (amount, currency, notes) = (request.amount, request.currency, request.notes);
    let request = &credits::CreditRequest { customer, amount, currency, notes };
    let (org, actor) = (&api.access.org, api.access.actor());
    let render = answer(&api);
    let credit = api.billing.unit(org.id, &actor, async |unit: &mut Unit| credits::create(unit, request).await).await?;
    Ok(render(&credit))
}

async fn refund(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    let request = begin(&api, xml::read_refund(&body))?;
    api.caller.names(request.payment.0);
    let request = refunds::RefundRequest {
        payment: request.payment,
        customer: customer(&api, request.customer).await?,
        amount: request.amount,
        currency: request.currency,
        applies_house_credit: request.applies_house_credit,
        effective_on: request.effective_on,
    };
    let render = answer(&api);
    Ok(render(&refunds::refund(&api.billing, api.access.org.id, &api.access.actor(), &request).await?))
}
