//! What Stripe is sent: forms, with the key of the account.

use axum::body::Bytes;
use domain::contacts::AddressFields;
use domain::money::{Amount, Currency};
use domain::wallet::{AccountType, BankAccount, Card};
use form_urlencoded::{Serializer, byte_serialize};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, Method, Request};
use http_body_util::Full;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::Stripe;
use super::answers::{Said, understand};
use crate::outside::https::{NoAnswer, secret_header};

/// Answers keep the form of this version, whatever the account is set to.
const VERSION: &str = "2024-06-20";
/// ISO 4217 gives them no minor unit, Stripe counts hundredths all the same.
const IN_HUNDREDTHS: [&str; 2] = ["ISK", "UGX"];

/// Names and values; wiped when dropped, for there may be a card in it.
pub struct Form(Zeroizing<String>);

impl Form {
    pub fn new() -> Form {
        Form(Zeroizing::new(String::new()))
    }

    pub fn add(&mut self, name: &str, value: &str) -> &mut Form {
        let longer = Serializer::new(self.0.to_string()).append_pair(name, value).finish();
        self.0 = Zeroizing::new(longer);
        self
    }

    fn add_some(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }
}

pub fn card_form(card: &Card) -> Form {
    let mut form = Form::new();
    form.add("type", "card").add("card[number]", card.number.expose());
    form.add("card[exp_month]", &card.expiry.month.to_string()).add("card[exp_year]", &card.expiry.year.to_string());
    if let Some(code) = &card.cvv {
        form.add("card[cvc]", code.expose());
    }
    form.add_some("billing_details[name]", card.holder.as_ref());
    add_address(&mut form, card.billing_address.as_ref());
    form
}

pub fn account_form(account: &BankAccount) -> Form {
    let mut form = Form::new();
    let account_type = match account.account_type {
        AccountType::Checking => "checking",
        AccountType::Savings => "savings",
    };
    form.add("type", "us_bank_account").add("us_bank_account[routing_number]", account.routing.as_str());
    form.add("us_bank_account[account_number]", account.number.expose());
    form.add("us_bank_account[account_holder_type]", "individual");
    form.add("us_bank_account[account_type]", account_type);
    form.add_some("billing_details[name]", account.holder.as_ref());
    add_address(&mut form, account.billing_address.as_ref());
    form
}

fn add_address(form: &mut Form, address: Option<&AddressFields>) {
    let Some(address) = address else { return };
    form.add_some("billing_details[address][line1]", address.street1.as_ref());
    form.add_some("billing_details[address][line2]", address.street2.as_ref());
    form.add_some("billing_details[address][city]", address.city.as_ref());
    form.add_some("billing_details[address][state]", address.state.as_ref());
    form.add_some("billing_details[address][postal_code]", address.zip.as_ref());
    // Stripe knows countries by two letters only.
    let country = address.country_code.as_ref().filter(|code| code.len() == 2);
    form.add_some("billing_details[address][country]", country);
}

/// An amount as Stripe counts it.
pub fn minor_units(currency: Currency, amount: Amount) -> String {
    let factor = if IN_HUNDREDTHS.contains(&currency.code()) { 100 } else { 1 };
    (i128::from(amount.0) * factor).to_string()
}

/// An id of Stripe's as a part of an address.
pub fn in_path(id: &str) -> String {
    byte_serialize(id.as_bytes()).collect()
}

impl Stripe {
    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, form: &Form, key: Option<&str>) -> Said<T> {
        self.say(Method::POST, path, form, key).await
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, form: &Form) -> Said<T> {
        self.say(Method::GET, &format!("{path}?{}", form.0.as_str()), &Form::new(), None).await
    }

    async fn say<T: DeserializeOwned>(&self, method: Method, path: &str, form: &Form, key: Option<&str>) -> Said<T> {
        let answered = match self.request(method, path, form, key) {
            Ok(request) => self.https.ask(&self.account.url, request).await,
            Err(error) => Err(error),
        };
        match answered {
            Ok(answered) => understand(&answered),
            Err(error) => {
                tracing::warn!(%error, "Stripe gave no answer");
                Said::Nothing
            }
        }
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        form: &Form,
        key: Option<&str>,
    ) -> Result<Request<Full<Bytes>>, NoAnswer> {
        let body = Bytes::copy_from_slice(form.0.as_bytes());
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/v1/{path}", self.account.url))
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("stripe-version", VERSION)
            .body(Full::new(body))
            .map_err(|_| NoAnswer::because("its address is none"))?;
        let headers = request.headers_mut();
        secret_header(headers, AUTHORIZATION, &format!("Bearer {}", self.account.credentials.key.expose()))?;
        if let Some(key) = key {
            secret_header(headers, HeaderName::from_static("idempotency-key"), key)?;
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_counted_as_stripe_counts_them() {
        for (code, expected) in [("USD", "6050"), ("JPY", "6050"), ("KWD", "6050"), ("UGX", "605000")] {
            assert_eq!(minor_units(code.parse().unwrap(), Amount(6050)), expected, "{code}");
        }
    }

    #[test]
    fn what_an_id_holds_stays_in_its_part_of_the_address() {
        assert_eq!(in_path("pi_1/cancel?x=1"), "pi_1%2Fcancel%3Fx%3D1");
    }
}
