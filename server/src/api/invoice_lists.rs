//! `/rest/invoices` (`api.md` §5.2): lists, and invoices that merchants make.

use axum::response::Response;
use billing::customers::CustomerKey;
use billing::invoice_lists::{self, Whose};
use billing::invoice_requests;
use domain::customers::EXT_CUSTOMER_REF_MAX;
use domain::ids::CustomerId;
use domain::invoices::{FullInvoice, InvoiceFilter};
use domain::time_ranges::{DateRange, TimeRange};
use wire::invoice_requests as requests;
use wire::invoices as xml;

use super::input::{Api, Xml};
use super::lists::{self, Asked};
use super::reply::{Refusal, Reply};

/// As long as any number that is stored.
const NUMBER_MAX: usize = 50;

pub async fn list(api: Api) -> Result<Response, Refusal> {
    api.params.format(&["xml"])?;
    let org = &api.access.org;
    let mut asked = Asked::of(&api.params);
    let page = asked.page();
    let whose = Whose {
        customer: CustomerKey {
            id: asked.integer("customerId", 1..=i64::MAX).map(CustomerId),
            ext_customer_ref: asked.text("extCustomerRef", EXT_CUSTOMER_REF_MAX),
        },
        order_number: asked.text("orderNumber", NUMBER_MAX),
    };
    let filter = InvoiceFilter {
        status: asked.parsed("status", str::parse),
        customer: None,
        order: None,
        number: asked.text("invoiceNumber", NUMBER_MAX).or(asked.text("invoiceNo", NUMBER_MAX)),
        invoiced: DateRange { first: asked.date("startDate"), last: asked.date("endDate") },
        due_before: asked.date("dueBefore"),
        updated: asked.date("updatedSince").map_or(TimeRange::default(), |day| TimeRange::since(day, &org.time_zone)),
    };
    let (filter, whose) = asked.result((filter, whose))?;
    let mut view = api.billing.view(org).await?;
    let (invoices, total) = invoice_lists::list(&mut view, filter, &whose, page).await?;
    Ok(lists::reply(xml::write_list(invoices.iter(), &org.time_zone), page, total))
}

/// `<invoice>`, or a `<list>` of them.
pub async fn create(api: Api, Xml(body): Xml) -> Result<Reply, Refusal> {
    api.params.format(&["xml"])?;
    api.params.no_action()?;
    let customer = api.params.customer_key()?;
    let (org, actor, zone) = (api.access.org.id, api.access.actor(), api.zone());
    if requests::is_list(&body) {
        let new = requests::read_all(&body)?;
        let render = move |made: &Vec<FullInvoice>| Reply::created(xml::write_list(made.iter(), &zone));
        api.answers_with(&render);
        return Ok(render(&invoice_requests::create_all(&api.billing, org, &actor, &customer, &new).await?));
    }
    let new = requests::read(&body)?;
    let render = move |made: &FullInvoice| Reply::created(xml::write(made, &zone));
    api.answers_with(&render);
    Ok(render(&invoice_requests::create(&api.billing, org, &actor, &customer, &new).await?))
}
