//! `/rest/payments`, `/rest/credits`, `/rest/refunds`: lists (`api.md` §6.2).

use axum::response::Response;
use billing::customers::CustomerKey;
use billing::payment_lists::{self, Asked as AskedFor};
use domain::customers::EXT_CUSTOMER_REF_MAX;
use domain::ids::CustomerId;
use domain::payments::{PaymentFilter, PaymentType};
use domain::time_ranges::DateRange;
use wire::payments as xml;

use super::input::Api;
use super::lists::{self, Asked};
use super::reply::Refusal;

/// As long as any number of an invoice that is stored.
const NUMBER_MAX: usize = 255;

pub async fn payments(api: Api) -> Result<Response, Refusal> {
    list(&api, PaymentType::Payment).await
}

pub async fn credits(api: Api) -> Result<Response, Refusal> {
    list(&api, PaymentType::Credit).await
}

pub async fn refunds(api: Api) -> Result<Response, Refusal> {
    list(&api, PaymentType::Refund).await
}

/// Of the type that the address names, unless `paymentType` names another.
async fn list(api: &Api, of_address: PaymentType) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let org = &api.access.org;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    let whose = AskedFor {
        customer: CustomerKey {
            id: asked.integer("customerId", 1..=i64::MAX).map(CustomerId),
            ext_customer_ref: asked.text("extCustomerRef", EXT_CUSTOMER_REF_MAX),
        },
        amount: asked.decimal("amount"),
    };
    let payment_type = asked.parsed("paymentType", str::parse).unwrap_or(of_address);
    let filter = PaymentFilter {
        status: asked.parsed("status", str::parse),
        invoice_number: asked.text("invoiceNumber", NUMBER_MAX).or(asked.text("invoiceNo", NUMBER_MAX)),
        effective: DateRange { first: asked.date("startDate"), last: asked.date("endDate") },
        ..PaymentFilter::of(payment_type)
    };
    let (filter, whose) = asked.result((filter, whose))?;
    let mut view = api.billing.view(org).await?;
    let (payments, total) = payment_lists::list(&mut view, filter, &whose, page).await?;
    let text = xml::write_list(payments.iter(), &org.time_zone);
    Ok(lists::reply(text, page, total))
}
