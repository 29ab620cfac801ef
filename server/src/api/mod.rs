//! The REST XML API (`api.md` §1): one route table, one way in, one shape of refusal.

mod activities;
mod autopay;
mod branding;
mod contacts;
mod customer_batches;
mod customer_lists;
mod customer_updates;
mod customers;
mod gateway_events;
pub mod idempotency;
pub mod input;
mod invoice_lists;
mod invoices;
mod lists;
mod notifications;
mod order_actions;
mod order_updates;
mod orders;
mod payment_lists;
mod payment_plans;
mod payments;
mod plans;
pub mod previews;
pub mod reply;
pub mod rewrite;
mod runs;
mod sessions;
mod sso_keys;
mod test_clock;
mod widget;

use axum::Router;
use axum::routing::{any, delete, get, post, put};

use crate::state::State;
use input::Api;
use reply::Refusal;

/// Every route of the API, under its canonical prefix; [`rewrite`] leads the aliases here.
pub fn router() -> Router<State> {
    Router::new()
        .route(
            "/rest/customer/autopay",
            get(autopay::get).put(autopay::save).post(autopay::save).delete(autopay::delete),
        )
        .route(
            "/rest/customer/{id}/autopay",
            get(autopay::get).put(autopay::save).post(autopay::save).delete(autopay::delete),
        )
        .route("/rest/customers/notification", post(notifications::send))
        .merge(payment_plans::router())
        .route("/rest/customers", get(customer_lists::list).post(customer_batches::create))
        .route("/rest/customers/transitions", get(customer_lists::transitions))
        .route("/rest/customer", get(customers::get).post(customer_lists::act_or_create))
        .route("/rest/customer/{id}", get(customers::get).post(customer_lists::act))
        .route("/rest/customer", put(customer_updates::update).delete(customer_updates::delete))
        .route("/rest/customer/{id}", put(customer_updates::update).delete(customer_updates::delete))
        .merge(contacts())
        .merge(orders())
        .merge(activities::router())
        .merge(invoices())
        .route("/rest/plan", get(plans::get))
        .route("/rest/plan/{id}", get(plans::get))
        .route("/rest/plans", get(plans::list))
        .merge(payments::router())
        .merge(runs::router())
        .route("/rest/gatewayEvents", get(gateway_events::quarantined))
        .merge(branding::router())
        .route("/rest/widget/start", get(widget::start))
        .route("/rest/widget/secondFactor", delete(sessions::remove_factors))
        .route("/rest/widget/sessions", get(sessions::list))
        .route("/rest/widget/sessions/{id}", delete(sessions::end))
        .route("/rest/widget/keys", get(sso_keys::list).post(sso_keys::create).delete(sso_keys::delete))
        .route("/rest/testClock", get(test_clock::get).post(test_clock::act))
        .route("/rest", any(no_such_path))
        .route("/rest/{*path}", any(no_such_path))
        .method_not_allowed_fallback(no_such_method)
}

fn invoices() -> Router<State> {
    Router::new()
        .route("/rest/invoices", get(invoice_lists::list).post(invoice_lists::create))
        .route("/rest/invoice", get(invoices::get).post(invoice_lists::create))
        .route("/rest/invoice", put(invoices::update).delete(invoices::cancel))
        .route("/rest/invoice/{id}", get(invoices::get).put(invoices::update).delete(invoices::cancel))
}

/// Orders, by their ids and by their numbers.
fn orders() -> Router<State> {
    Router::new()
        .route("/rest/orders", get(orders::list).post(orders::create))
        .route("/rest/order", get(orders::get).post(order_actions::act_or_create))
        .route("/rest/order/{id}", get(orders::get).post(order_actions::act))
        .route("/rest/order", put(order_updates::update).delete(order_updates::delete))
        .route("/rest/order/{id}", put(order_updates::update).delete(order_updates::delete))
        .route("/rest/changeOrder", post(order_actions::change))
}

/// The contacts of a customer, by its id and by its reference.
fn contacts() -> Router<State> {
    Router::new()
        .route("/rest/customer/billingContact", get(contacts::billing_contact).put(contacts::update_billing_contact))
        .route(
            "/rest/customer/{id}/billingContact",
            get(contacts::billing_contact).put(contacts::update_billing_contact),
        )
        .route("/rest/customer/salesContact", get(contacts::sales_contact).put(contacts::update_sales_contact))
        .route("/rest/customer/salesContact", post(contacts::add_sales_contact).delete(contacts::remove_sales_contact))
        .route("/rest/customer/{id}/salesContact", get(contacts::sales_contact).put(contacts::update_sales_contact))
        .route(
            "/rest/customer/{id}/salesContact",
            post(contacts::add_sales_contact).delete(contacts::remove_sales_contact),
        )
}

/// Who is not known does not learn which paths there are: [`Api`] comes first.
async fn no_such_path(_: Api) -> Refusal {
    Refusal::not_found("There is no such path.")
}

async fn no_such_method(_: Api) -> Refusal {
    Refusal::method_not_allowed()
}
