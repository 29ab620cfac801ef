//! Invoices that a merchant makes, changes and cancels.

use billing::customers::CustomerKey;
use billing::invoice_requests::{create, create_all};
use billing::invoice_updates::{Orders, cancel, update};
use domain::access::Actor;
use domain::ids::{CustomerId, InvoiceId};
use domain::invoices::{InvoiceStatus, InvoiceUpdate, NewInvoice, NewInvoiceCharge, NewInvoiceLine};
use domain::money::Price;
use testkit::{Scene, scenes};
use wire::invoice_requests::InvoiceRequest;

use crate::walk::{Again, name, walk};

const BY: &Actor = &Actor::System;

fn of(customer: CustomerId) -> CustomerKey {
    CustomerKey { id: Some(customer), ext_customer_ref: None }
}

fn lines(price: &str) -> Vec<NewInvoiceLine> {
    let unit_price = Some(Price(price.parse().expect("a price")));
    let charge = NewInvoiceCharge { text: "Hours".to_owned(), unit_price, ..NewInvoiceCharge::default() };
    vec![NewInvoiceLine { text: "Work".to_owned(), charges: vec![charge], ..NewInvoiceLine::default() }]
}

fn request(number: Option<String>, is_draft: bool) -> InvoiceRequest {
    let invoice = NewInvoice { number, is_draft, lines: lines("60.50"), ..NewInvoice::default() };
    InvoiceRequest { invoice, customer: None, crm_customer_id: None, erp_customer_id: None }
}

/// A customer, and a number that only it has.
async fn customer(scene: &Scene, step: usize) -> (CustomerId, String) {
    (scene.customer(&name(step)).await, name(step))
}

async fn billed(scene: &Scene, step: usize) -> InvoiceId {
    let customer = scene.customer(&name(step)).await;
    scene.invoice(customer).await.head.id
}

/// An invoice of 60.50, and that it is to be one of 50.00.
async fn cheaper(scene: &Scene, step: usize) -> (InvoiceId, InvoiceUpdate) {
    let id = billed(scene, step).await;
    let mut lines = lines("50.00");
    let line = &scene.find_invoice(id).await.lines[0];
    lines[0].id = Some(line.id);
    lines[0].charges[0].id = Some(line.charges[0].id);
    lines[0].charges[0].period = Some(line.charges[0].period);
    (id, InvoiceUpdate { lines: Some(lines), ..InvoiceUpdate::default() })
}

async fn draft(scene: &Scene, step: usize) -> InvoiceId {
    let (customer, number) = customer(scene, step).await;
    let made = create(&scene.billing, scene.org, BY, &of(customer), &request(Some(number), true)).await;
    made.expect("a draft is made").head.id
}

scenes! {
    async fn a_merchants_invoice_is_made_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, customer, async |scene, (customer, number)| {
            create(&scene.billing, scene.org, BY, &of(*customer), &request(Some(number.clone()), false)).await
        }).await;
    }

    async fn many_invoices_are_made_together_or_not_at_all(scene: Scene) {
        walk(scene, Again::ChangesNothing, customer, async |scene, (customer, number)| {
            let requests = [request(None, false), request(Some(number.clone()), false), request(None, true)];
            create_all(&scene.billing, scene.org, BY, &of(*customer), &requests).await
        }).await;
    }

    async fn an_invoice_is_changed_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, cheaper, async |scene, (id, change)| {
            update(&scene.billing, scene.org, BY, *id, change).await
        }).await;
    }

    async fn a_draft_is_issued_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, draft, async |scene, id| {
            let change = InvoiceUpdate { status: Some(InvoiceStatus::Outstanding), ..InvoiceUpdate::default() };
            update(&scene.billing, scene.org, BY, *id, &change).await
        }).await;
    }

    async fn an_invoice_is_cancelled_with_its_orders_once(scene: Scene) {
        walk(scene, Again::ChangesNothing, billed, async |scene, id| {
            cancel(&scene.billing, scene.org, BY, *id, Orders::AreSuspended).await
        }).await;
    }
}
