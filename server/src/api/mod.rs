//! The REST XML API (`api.md` §1): one route table, one way in, one shape of refusal.

mod customers;
pub mod input;
mod invoices;
mod orders;
mod payments;
pub mod reply;
pub mod rewrite;
mod test_clock;
mod widget;

use axum::Router;
use axum::routing::{any, get, post};

use crate::state::State;
use input::Api;
use reply::Refusal;

/// Every route of the API, under its canonical prefix; [`rewrite`] leads the aliases here.
pub fn router() -> Router<State> {
    Router::new()
        .route("/rest/customers", post(customers::create))
        .route("/rest/customer", get(customers::get).post(customers::create))
        .route("/rest/customer/{id}", get(customers::get))
        .route("/rest/orders", post(orders::create))
        .route("/rest/invoice", get(invoices::get))
        .route("/rest/invoice/{id}", get(invoices::get))
        .route("/rest/payments", post(payments::create))
        .route("/rest/payment/{id}", get(payments::get))
        .route("/rest/widget/start", get(widget::start))
        .route("/rest/testClock", get(test_clock::get).post(test_clock::act))
        .route("/rest", any(no_such_path))
        .route("/rest/{*path}", any(no_such_path))
        .method_not_allowed_fallback(no_such_method)
}

/// Who is not known does not learn which paths there are: [`Api`] comes first.
async fn no_such_path(_: Api) -> Refusal {
    Refusal::not_found("There is no such path.")
}

async fn no_such_method(_: Api) -> Refusal {
    Refusal::method_not_allowed()
}
