//! Every processor of the product keeps the promises of the port of gateways.

mod authorize_net;
mod authorize_service;
mod fakes;
mod live;
mod local_stripe;
mod stripe;

use domain::wallet::{Card, CardNumber, Expiry, SecurityCode};

/// A good card, but for what the processor makes of its number.
fn card(number: &str) -> Card {
    Card {
        number: CardNumber::parse(number).unwrap(),
        expiry: Expiry { year: 2035, month: 12 },
        cvv: Some(SecurityCode::parse("123").unwrap()),
        holder: Some("John Doe".to_owned()),
        billing_address: None,
    }
}
