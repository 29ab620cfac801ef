//! What Authorize.Net is asked. Its JSON is read as XML is: the order of the fields matters.

use axum::body::Bytes;
use billing::ports::{Charge, GiveBack, Instrument, ProcessorAccount};
use billing::secrets::{random_token, token_hash};
use domain::contacts::AddressFields;
use domain::dates::Timestamp;
use domain::ids::OrganizationId;
use domain::wallet::{AccountType, BankAccount, Card};
use http::header::CONTENT_TYPE;
use http::{Method, Request};
use http_body_util::Full;
use zeroize::Zeroizing;

use super::answers::MaskedPayment;
use super::shapes::{
    AccountToCharge, Authentication, BatchesQuestion, BillTo, Body, CreditCard, DetailsQuestion, ListQuestion,
    NewPaymentProfile, NewProfile, Order, Paging, Payment, PaymentProfile, ProfileQuestion, ProfileToCharge, Secret,
    Setting, Settings, Sorting, TransactionQuestion, TransactionRequest,
};
use crate::outside::https::NoAnswer;

/// The longest that it has: the same invoice number, amount and card within it is refused.
const DUPLICATE_WINDOW_SECONDS: &str = "28800";
const INVOICE_NUMBER_MAX: usize = 20;
const NAME_MAX: usize = 50;
const ADDRESS_MAX: usize = 60;
const PLACE_MAX: usize = 40;
const ZIP_MAX: usize = 20;
/// Of a list; [`super::answers::Transactions::is_whole`].
pub const LIMIT: usize = 1000;

/// A request, ready to be sent; wiped when dropped, for there may be a card in it.
pub struct Question(Zeroizing<Vec<u8>>);

impl Question {
    pub fn sale(account: &ProcessorAccount, charge: &Charge, instrument: &Instrument) -> Question {
        let mut sale = TransactionRequest { transaction_type: "authCaptureTransaction", ..of(charge) };
        match instrument {
            Instrument::Card(card) => {
                sale.payment = Some(Payment::card(card));
                sale.bill_to = bill_to(card.billing_address.as_ref(), card.holder.as_deref());
            }
            Instrument::Token { token, .. } => {
                let (customer_profile_id, payment_profile_id) = token.split_once('/').unwrap_or((token, ""));
                let payment_profile = PaymentProfile { payment_profile_id };
                sale.profile = Some(ProfileToCharge { customer_profile_id, payment_profile });
            }
        }
        Question::transaction(account, charge, sale)
    }

    pub fn void(account: &ProcessorAccount, back: &GiveBack) -> Question {
        let void = TransactionRequest {
            transaction_type: "voidTransaction",
            ref_trans_id: Some(&back.transaction_id),
            ..TransactionRequest::default()
        };
        Question::transaction(account, &back.request, void)
    }

    pub fn refund(account: &ProcessorAccount, back: &GiveBack, payment: Option<Payment>) -> Question {
        let refund = TransactionRequest {
            transaction_type: "refundTransaction",
            payment,
            ref_trans_id: Some(&back.transaction_id),
            ..of(&back.request)
        };
        Question::transaction(account, &back.request, refund)
    }

    /// Asks the bank for 0.
    pub fn validation(account: &ProcessorAccount, org: OrganizationId, card: &Card) -> Question {
        let validation = TransactionRequest {
            transaction_type: "authOnlyTransaction",
            amount: Some("0.00".to_owned()),
            payment: Some(Payment::card(card)),
            bill_to: bill_to(card.billing_address.as_ref(), card.holder.as_deref()),
            ..TransactionRequest::default()
        };
        Question::body(&Body::Transact(TransactionQuestion {
            merchant_authentication: authentication(account),
            ref_id: format!("check-{org}").chars().take(INVOICE_NUMBER_MAX).collect(),
            transaction_request: validation,
        }))
    }

    pub fn profile(
        account: &ProcessorAccount,
        payment: Payment,
        (address, holder): (Option<&AddressFields>, Option<&str>),
    ) -> Question {
        let bill_to = bill_to(address, holder);
        Question::body(&Body::CreateProfile(ProfileQuestion {
            merchant_authentication: authentication(account),
            profile: NewProfile {
                // Must be unlike every other's; there is no more to it.
                merchant_customer_id: random_token().chars().take(INVOICE_NUMBER_MAX).collect(),
                payment_profiles: NewPaymentProfile { customer_type: "individual", bill_to, payment },
            },
            validation_mode: "none",
        }))
    }

    pub fn details(account: &ProcessorAccount, trans_id: &str) -> Question {
        let merchant_authentication = authentication(account);
        Question::body(&Body::Details(DetailsQuestion { merchant_authentication, trans_id }))
    }

    pub fn unsettled(account: &ProcessorAccount) -> Question {
        Question::body(&Body::Unsettled(list(account, None)))
    }

    pub fn batch(account: &ProcessorAccount, batch_id: &str) -> Question {
        Question::body(&Body::Batch(list(account, Some(batch_id))))
    }

    pub fn batches(account: &ProcessorAccount, from: Timestamp, until: Timestamp) -> Question {
        Question::body(&Body::Batches(BatchesQuestion {
            merchant_authentication: authentication(account),
            first_settlement_date: from.to_string(),
            last_settlement_date: until.to_string(),
        }))
    }

    fn transaction(account: &ProcessorAccount, charge: &Charge, request: TransactionRequest<'_>) -> Question {
        Question::body(&Body::Transact(TransactionQuestion {
            merchant_authentication: authentication(account),
            ref_id: invoice_number(charge),
            transaction_request: request,
        }))
    }

    fn body(body: &Body<'_>) -> Question {
        Question(Zeroizing::new(serde_json::to_vec(body).expect("texts are always JSON")))
    }

    pub fn request(&self, account: &ProcessorAccount) -> Result<Request<Full<Bytes>>, NoAnswer> {
        Request::builder()
            .method(Method::POST)
            .uri(format!("{}/xml/v1/request.api", account.url))
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::copy_from_slice(&self.0)))
            .map_err(|_| NoAnswer::because("its address is none"))
    }
}

/// What every request to move money says.
fn of<'a>(charge: &Charge) -> TransactionRequest<'a> {
    let setting = Setting { setting_name: "duplicateWindow", setting_value: DUPLICATE_WINDOW_SECONDS };
    TransactionRequest {
        amount: Some(charge.currency.decimal(charge.amount).to_string()),
        currency_code: Some(charge.currency.code()),
        order: Some(Order { invoice_number: invoice_number(charge) }),
        transaction_settings: Some(Settings { setting: [setting] }),
        ..TransactionRequest::default()
    }
}

/// Our key, or where it is too long what stands for it.
pub fn invoice_number(charge: &Charge) -> String {
    if charge.key.len() <= INVOICE_NUMBER_MAX {
        return charge.key.clone();
    }
    token_hash(&charge.key).chars().take(INVOICE_NUMBER_MAX).collect()
}

fn authentication(account: &ProcessorAccount) -> Authentication<'_> {
    Authentication { name: &account.credentials.login, transaction_key: account.credentials.key.expose() }
}

fn list<'a>(account: &'a ProcessorAccount, batch_id: Option<&'a str>) -> ListQuestion<'a> {
    ListQuestion {
        merchant_authentication: authentication(account),
        batch_id,
        sorting: Sorting { order_by: "submitTimeUTC", order_descending: true },
        paging: Paging { limit: LIMIT, offset: 1 },
    }
}

fn bill_to(address: Option<&AddressFields>, holder: Option<&str>) -> Option<BillTo> {
    if address.is_none() && holder.is_none() {
        return None;
    }
    let empty = AddressFields::default();
    let address = address.unwrap_or(&empty);
    let field =
        |value: &Option<String>, max: usize| -> String { value.iter().flat_map(|v| v.chars()).take(max).collect() };
    let name = holder.unwrap_or_default().trim();
    let (first, last) = name.rsplit_once(' ').unwrap_or(("", name));
    Some(BillTo {
        first_name: first.chars().take(NAME_MAX).collect(),
        last_name: last.chars().take(NAME_MAX).collect(),
        address: field(&address.street1, ADDRESS_MAX),
        city: field(&address.city, PLACE_MAX),
        state: field(&address.state, PLACE_MAX),
        zip: field(&address.zip, ZIP_MAX),
        country: field(if address.country.is_some() { &address.country } else { &address.country_code }, ADDRESS_MAX),
    })
}

impl Payment {
    pub fn card(card: &Card) -> Payment {
        Payment::CreditCard(CreditCard {
            card_number: Secret::new(card.number.expose()),
            expiration_date: format!("{:04}-{:02}", card.expiry.year, card.expiry.month),
            card_code: card.cvv.as_ref().map(|code| Secret::new(code.expose())),
        })
    }

    pub fn account(account: &BankAccount) -> Payment {
        const NAME_ON_ACCOUNT_MAX: usize = 22;
        Payment::BankAccount(AccountToCharge {
            account_type: match account.account_type {
                AccountType::Checking => "checking",
                AccountType::Savings => "savings",
            },
            routing_number: account.routing.as_str().to_owned(),
            account_number: Secret::new(account.number.expose()),
            name_on_account: account.holder.iter().flat_map(|name| name.chars()).take(NAME_ON_ACCOUNT_MAX).collect(),
        })
    }

    /// As Authorize.Net shows it: the last digits only.
    pub fn masked(shown: Option<MaskedPayment>) -> Option<Payment> {
        match shown? {
            MaskedPayment::CreditCard(card) => Some(Payment::CreditCard(CreditCard {
                card_number: Secret::new(card.card_number.trim_start_matches('X')),
                expiration_date: "XXXX".to_owned(),
                card_code: None,
            })),
            MaskedPayment::BankAccount(account) => Some(Payment::BankAccount(AccountToCharge {
                account_type: if account.account_type.as_deref() == Some("savings") { "savings" } else { "checking" },
                routing_number: account.routing_number,
                account_number: Secret::new(&account.account_number),
                name_on_account: account.name_on_account.unwrap_or_default(),
            })),
        }
    }
}
